using Npgsql;

namespace ChainCrm.Plain;

/// <summary>Makes the peer's tables and its customers, with the card numbers that <c>chaincrm load</c> uses.</summary>
internal static class Schema
{
    public static async Task MakeAsync(NpgsqlDataSource source, int customers)
    {
        await using var script = typeof(Schema).Assembly.GetManifestResourceStream("schema.sql")!;
        using var reader = new StreamReader(script);
        await ExecuteAsync(source, await reader.ReadToEndAsync());
        await using (var fill = source.CreateCommand(
            "INSERT INTO customers (card, home_store) SELECT '77' || lpad(i::text, 10, '0'), 'load-' || lpad((i % 50)::text, 4, '0') FROM generate_series(0, $1 - 1) i"))
        {
            fill.Parameters.Add(new NpgsqlParameter<int> { TypedValue = customers });
            await fill.ExecuteNonQueryAsync();
        }

        await ExecuteAsync(source, "ANALYZE");
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
