// The CPUBackend module.
