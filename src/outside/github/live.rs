//! The work with GitHub from its beginning to its end, within a time.

use super::client::Client;
use super::retry::{Trouble, persistently};
use super::{Check, Comment, Context, Posted, check_run, review, sticky};
use crate::outside::Failure;
use crate::report::suggestion::Suggestion;
use std::time::Duration;

/// Makes the comment, or brings it up to date.
pub fn comment(context: &Context, wanted: &Comment, limit: Duration) -> Result<Posted, Failure> {
    let done = run(context, limit, async |client, _| {
        let Some(number) = pull_request(client, context).await? else {
            return Ok(Posted::Left("there is no open pull request for it".to_owned()));
        };
        sticky::bring(client, context, number, wanted).await
    });
    match done? {
        Err(Trouble::TooLong) => Ok(Posted::TooLong),
        done => done.map_err(|trouble| failure("the comment", trouble)),
    }
}

/// Makes the check run; its address.
pub fn check(context: &Context, wanted: &Check, limit: Duration) -> Result<String, Failure> {
    let Some(head) = &context.head else {
        return Err(Failure::new("nothing says which commit the check run is for"));
    };
    let done = run(context, limit, async |client, is_again| check_run::bring(client, context, head, wanted, is_again).await);
    done?.map_err(|trouble| failure("the check run", trouble))
}

/// Offers fixes as suggestions of a review; how many are new.
pub fn suggest(context: &Context, suggestions: &[Suggestion], limit: Duration) -> Result<usize, Failure> {
    let Some(head) = &context.head else { return Ok(0) };
    let done = run(context, limit, async |client, _| match pull_request(client, context).await? {
        Some(number) => review::offer(client, context, number, head, suggestions).await,
        None => Ok(0),
    });
    done?.map_err(|trouble| failure("suggestions", trouble))
}

/// The number is that of the event, or else that of the commit of which another workflow ran.
async fn pull_request(client: &Client, context: &Context) -> Result<Option<u64>, Trouble> {
    match (&context.head, &context.after) {
        (Some(head), Some(after)) => sticky::pull_request_of(client, context, head, after).await,
        _ => Ok(context.pull_request),
    }
}

/// Runs the work until it is done or given up. The second argument of `work` says whether it was tried before.
fn run<T>(
    context: &Context,
    limit: Duration,
    work: impl AsyncFn(&Client, bool) -> Result<T, Trouble>,
) -> Result<Result<T, Trouble>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("cannot speak with GitHub").source(error))?;
    let token = Context::token()?;
    let done = runtime.block_on(async {
        let client = Client::new(&context.api, &token)?;
        let mut is_again = false;
        Ok(persistently(limit, async || work(&client, std::mem::replace(&mut is_again, true)).await).await)
    });
    // A name that is being looked up cannot be stopped, and must not be waited for.
    runtime.shutdown_background();
    done
}

fn failure(what: &str, trouble: Trouble) -> Failure {
    let why = match trouble {
        Trouble::Refused(why) | Trouble::Later { why, .. } => why,
        Trouble::TooLong => "GitHub takes no text of this length".to_owned(),
    };
    Failure::new(format!("{what} could not be written: {why}"))
}
