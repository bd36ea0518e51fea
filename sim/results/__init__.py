"""Results: run folders written safely, read by query, compared, told and scored."""
