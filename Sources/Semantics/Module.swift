// The Semantics module.
