GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON {schema}.migrations TO {role};
GRANT SELECT, INSERT ON {schema}.entries TO {role};
GRANT SELECT, INSERT, UPDATE ON {schema}.snapshots TO {role};
GRANT SELECT ON {schema}.seal TO {role};
GRANT SELECT, UPDATE ON {schema}.read_position, {schema}.agenda_position TO {role};
GRANT SELECT, INSERT, UPDATE, TRUNCATE ON {schema}.read_chain_totals, {schema}.read_store_totals, {schema}.read_store_days, {schema}.read_store_slots, {schema}.read_chain_slots,
    {schema}.read_customers, {schema}.read_flows, {schema}.read_stores, {schema}.read_access_keys, {schema}.read_programmes TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON {schema}.agenda TO {role};
GRANT SELECT, INSERT, UPDATE ON {schema}.key_secrets TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.customer_keys TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role};
