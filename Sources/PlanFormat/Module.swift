// The PlanFormat module.
