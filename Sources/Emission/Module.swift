// The Emission module.
