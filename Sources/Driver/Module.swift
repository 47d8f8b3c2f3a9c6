// The Driver module.
