//! Only tests: `suite/` holds the runners, `ui/`, `golden/` and `conformance/` their data.
