// The Scheduling module.
