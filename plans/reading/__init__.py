"""Reading a plan out of a document: `document` reads here, `sandbox` in a child process, `plan_file` any file."""
