-- Customers' keys, each wrapped by the master key, which is not here and must never be. The only copy of them: a name sealed under a key that is lost is lost.
-- COLLATE "C": a backup reads them in the order of the bytes, whatever the store.
CREATE TABLE {schema}.key_secrets (
    name text COLLATE "C" PRIMARY KEY,
    key_id text NOT NULL,
    wrapped bytea NOT NULL
);

CREATE TABLE {schema}.customer_keys (
    chain text COLLATE "C",
    customer text COLLATE "C",
    key_id text NOT NULL,
    wrapped bytea NOT NULL,
    PRIMARY KEY (chain, customer)
);

-- Random bytes do not pack.
ALTER TABLE {schema}.key_secrets ALTER COLUMN wrapped SET STORAGE EXTERNAL;
ALTER TABLE {schema}.customer_keys ALTER COLUMN wrapped SET STORAGE EXTERNAL;
