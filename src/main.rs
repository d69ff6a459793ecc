//! Parses, runs, and ends with the exit code.
#![expect(clippy::disallowed_methods, reason = "the current directory is found here and passed in")]

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use feedgate::cli::Cli;
use feedgate::command;
use feedgate::outside::{Failure, output};
use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::read(env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help goes to standard output, complaints to standard error. A reader that went away is no failure.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let current = env::current_dir().map_err(|error| Failure::new("cannot find the current directory").source(error));
    match current.and_then(|current| command::run(&cli, &current)) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::to_stderr(&command::complaint(&failure));
            ExitCode::from(2)
        }
    }
}
