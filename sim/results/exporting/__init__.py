"""Results as files for other programs: long tables and IAMC tables, as CSV, Excel and Parquet."""
