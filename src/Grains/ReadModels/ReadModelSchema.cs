namespace ChainCrm.Grains.ReadModels;

/// <summary>The tables of readmodels.db. Another number here makes older files be dropped and rebuilt from the journal.</summary>
internal static class ReadModelSchema
{
    public const int Version = 1;

    public const string Tables = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE chain_totals(chain TEXT PRIMARY KEY, members INT, purchases INT, walk_ins INT, returns INT, sales INT, returns_minor INT,
            points_given INT, points_used INT, cross_store INT, at_two_stores INT, with_purchase INT) WITHOUT ROWID;
        CREATE TABLE store_totals(chain TEXT, store TEXT, sales INT, returns_minor INT, purchases INT, walk_ins INT, PRIMARY KEY(chain, store)) WITHOUT ROWID;
        CREATE TABLE store_days(chain TEXT, store TEXT, day INT, sales INT, returns_minor INT, purchases INT, walk_ins INT, new_members INT,
            cross_visits INT, cross_minor INT, points_given INT, points_used INT, last_ms INT, PRIMARY KEY(chain, store, day)) WITHOUT ROWID;
        CREATE INDEX store_days_by_day ON store_days(chain, day);
        CREATE TABLE store_slots(chain TEXT, store TEXT, day INT, slot INT, sales INT, visits INT, PRIMARY KEY(chain, store, day, slot)) WITHOUT ROWID;
        CREATE TABLE chain_slots(chain TEXT, day INT, slot INT, sales INT, visits INT, points_given INT, points_used INT, new_members INT,
            active_members INT, cross_visits INT, cross_minor INT, returns_minor INT, PRIMARY KEY(chain, day, slot)) WITHOUT ROWID;
        CREATE TABLE customers(chain TEXT, id TEXT, enrolled_ms INT, home_store TEXT, purchases INT, stores TEXT, last_day INT, days_before INT,
            PRIMARY KEY(chain, id)) WITHOUT ROWID;
        CREATE TABLE flows(chain TEXT, day INT, from_store TEXT, to_store TEXT, count INT, PRIMARY KEY(chain, day, from_store, to_store)) WITHOUT ROWID;
        CREATE TABLE stores(chain TEXT, id TEXT, name TEXT, region TEXT, city TEXT, open INT, PRIMARY KEY(chain, id)) WITHOUT ROWID;
        CREATE TABLE access_keys(chain TEXT, id TEXT, role INT, secret_hash TEXT, store TEXT, till TEXT, sees_personal INT, label TEXT, revoked INT,
            position INT, PRIMARY KEY(chain, id)) WITHOUT ROWID;
        CREATE TABLE programmes(chain TEXT, version INT, document TEXT, at_ms INT, PRIMARY KEY(chain, version)) WITHOUT ROWID;
        """;
}
