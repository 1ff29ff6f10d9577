#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| folkform_fuzz::run("run", bytes));
