// The Syntax module.
