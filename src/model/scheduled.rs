//! Scheduled queries as Terraform declares them: in whose name they run, where their result goes.

use super::embedded::name_of;
use super::terraform::{Resource, Terraform};
use super::{Known, TableId};
use crate::text::Span;

/// A transfer of BigQuery that runs a query.
#[derive(Debug, Clone)]
pub struct ScheduledQuery {
    /// Unique in the repository.
    pub address: String,
    /// The address within its module.
    pub shown: String,
    /// The id that its statements have as queries, without their number: what the instance calls its text, and once all
    /// SQL is read, the path by which that goes.
    pub path: String,
    /// The resource's label.
    pub span: Span,
    pub schedule: Known<String>,
    pub service_account: Known<String>,
    /// In whose name it runs: the account's name, or the address of its resource.
    pub account: Option<String>,
    pub write_disposition: Known<String>,
    /// The dataset of the table that the result goes into.
    pub dataset: Known<String>,
    /// The name of the table that the result goes into, with what is filled in.
    pub destination: Known<String>,
}

impl ScheduledQuery {
    /// The table that takes the result, unless each run has one of its own. What follows `$` is a partition of it.
    pub fn table_id(&self) -> Option<TableId> {
        let (dataset, template) = (self.dataset.value()?, self.destination.value()?);
        let name = template.split('$').next().filter(|name| !name.is_empty() && !name.contains('{'))?;
        Some(TableId::new(None, dataset.rsplit('/').next().unwrap_or(dataset), name))
    }
}

/// Reads the scheduled queries of all modules.
pub fn read_scheduled(terraform: &Terraform<'_>) -> Vec<ScheduledQuery> {
    let transfers = terraform.resources("google_bigquery_data_transfer_config");
    transfers.filter_map(|resource| read_transfer(terraform, resource)).collect()
}

fn read_transfer<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Option<ScheduledQuery> {
    let text = |name| terraform.text(resource, resource.body, name);
    text("data_source_id").value().filter(|source| *source == "scheduled_query")?;
    let params = resource.document.get(resource.body, "params");
    let param = |name| params.map_or(Known::Absent, |params| terraform.text(resource, params, name));
    Some(ScheduledQuery {
        address: resource.unique_address(),
        shown: resource.address(),
        path: name_of(terraform, resource, "params"),
        span: resource.span,
        schedule: text("schedule"),
        service_account: text("service_account_name"),
        account: text("service_account_name").value().cloned().or_else(|| {
            let address = terraform.target(resource, resource.body, "service_account_name")?;
            Some(address.rsplit_once(':').map_or(address.clone(), |(_, own)| own.to_owned()))
        }),
        write_disposition: param("write_disposition"),
        dataset: text("destination_dataset_id"),
        destination: param("destination_table_name_template"),
    })
}

/// Whether what is filled in into the name of a table is nothing that BigQuery knows: `run_date`, or `run_time` with an
/// offset and a format. Gives the first such piece.
pub fn unknown_parameter(template: &str) -> Option<&str> {
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let (inner, after) = after.split_once('}')?;
        if !is_known(inner.trim()) {
            return Some(inner);
        }
        rest = after;
    }
    None
}

fn is_known(parameter: &str) -> bool {
    let name = parameter.split(['|', '+', '-']).next().unwrap_or_default().trim();
    matches!(name, "run_date" | "run_time")
}

#[cfg(test)]
mod tests {
    use super::unknown_parameter;

    #[test]
    fn parameters_are_the_time_and_the_date_of_a_run() {
        for right in
            ["orders", "orders_{run_date}", "t_{run_time|\"%Y%m%d\"}", "t_{run_time-1h|\"%Y\"}$x", "t${run_date}", "t{run"]
        {
            assert_eq!(unknown_parameter(right), None, "{right}");
        }
        assert_eq!(unknown_parameter("t_{run_date}_{date}"), Some("date"));
        assert_eq!(unknown_parameter("t_{}"), Some(""));
    }
}
