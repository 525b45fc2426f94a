"""绩效 forms → record sets: one record per form, and its indicators, tasks and sources of money."""
