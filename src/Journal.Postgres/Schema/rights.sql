GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON {schema}.migrations TO {role};
GRANT SELECT, INSERT ON {schema}.entries TO {role};
GRANT SELECT, INSERT, UPDATE ON {schema}.snapshots TO {role};
GRANT SELECT ON {schema}.seal TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role};
