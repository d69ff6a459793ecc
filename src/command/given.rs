//! Files that are named on the command line and put into the tree: queries, statistics, plans.

use crate::model::discover::PLAN_PREFIX;
use crate::outside::{Failure, output, root};
use crate::text::RepoPath;
use crate::{Tree, TreeFile};
use std::path::{Path, PathBuf};

/// Where the repository's own statistics lie.
pub(super) const STATISTICS: &str = "feedgate.tables.json";

/// Adds a file to the tree, in place of one that has its path.
pub(super) fn put(tree: &mut Tree, path: &str, content: String) -> RepoPath {
    let path = RepoPath::new(path).expect("the name of a file below the root, or one of ours, is plain");
    tree.files.retain(|file| file.path != path);
    tree.files.push(TreeFile { path: path.clone(), content: Ok(content.into()) });
    path
}

/// The statistics of several files as one text: arrays and single resources alike become one resource a line.
pub(super) fn statistics(current: &Path, files: &[PathBuf]) -> Result<String, Failure> {
    if let [file] = files {
        return output::from_file(&current.join(file));
    }
    let mut lines = String::new();
    for file in files {
        let text = output::from_file(&current.join(file))?;
        for value in serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>() {
            let value = value.map_err(|error| Failure::new(format!("`{}` is not JSON", file.display())).source(error))?;
            let resources = match value {
                serde_json::Value::Array(resources) => resources,
                resource => vec![resource],
            };
            for resource in resources {
                lines.push_str(&resource.to_string());
                lines.push('\n');
            }
        }
    }
    Ok(lines)
}

/// Lays the plans of Terraform beside the root modules that they are of, as far as their own places tell. Their names stay,
/// for they may say of which environment they are.
pub(super) fn plans(tree: &mut Tree, root: &Path, current: &Path, files: &[PathBuf]) -> Result<(), Failure> {
    for file in files {
        let place = current.join(file);
        let text = output::from_file(&place)?;
        if !text.contains("\"planned_values\"") {
            let help = "make it with `terraform plan -out FILE` and `terraform show -json FILE`";
            return Err(Failure::new(format!("`{}` is no plan of Terraform in JSON", file.display())).help(help));
        }
        let folder = root::place_below(root, &place).map_or_else(String::new, |path| path.folder().to_owned());
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let n_before = tree.files.iter().filter(|file| file.path.name().starts_with(PLAN_PREFIX)).count();
        put(tree, &format!("{prefix}{PLAN_PREFIX}{n_before}.{}.json", plain_stem(&place)), text);
    }
    Ok(())
}

/// The name of a file without its ending, with nothing in it that a path of the repository does not take.
fn plain_stem(place: &Path) -> String {
    let stem = place.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    stem.chars().map(|letter| if letter.is_alphanumeric() || "._-".contains(letter) { letter } else { '-' }).collect()
}
