//! Whatever is read, nothing panics.
