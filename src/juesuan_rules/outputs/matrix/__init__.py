"""A run of many reports on one page or in one workbook: 单位 × 规则, ranking, root causes, what was not checked."""
