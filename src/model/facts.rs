//! What rules may know of a subject: flat, total, documented.
