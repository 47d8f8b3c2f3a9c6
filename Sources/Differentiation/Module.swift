// The Differentiation module.
