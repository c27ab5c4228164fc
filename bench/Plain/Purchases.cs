using System.Globalization;
using System.Text.Json;
using ChainCrm.Client.Wire;
using Npgsql;
using NpgsqlTypes;

namespace ChainCrm.Plain;

/// <summary>One purchase: one call of the function on one pooled connection.</summary>
internal sealed class Purchases(NpgsqlDataSource source)
{
    private static readonly string[] Tiers = ["member", "silver", "gold", "black-gold"];

    public async Task<IResult> RecordAsync(PurchaseRequest request, string key, CancellationToken cancellation)
    {
        if (request is not { Customer.Card: { } card, Store: { } store, Receipt: { } receipt, Lines: { Count: > 0 } lines } || key == "") return Results.BadRequest();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT o_amount, o_earned, o_bonus, o_balance, o_tier, o_crossed FROM record_purchase($1, $2, $3, $4, $5)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = card },
                new NpgsqlParameter<string> { TypedValue = store },
                new NpgsqlParameter<string> { TypedValue = receipt },
                new NpgsqlParameter<string> { TypedValue = key },
                new() { Value = JsonSerializer.SerializeToUtf8Bytes(lines, WireJson.Default.IReadOnlyListPurchaseLineRequest), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return Results.Json(new PurchaseReply
        {
            Customer = card,
            Store = store,
            Receipt = receipt,
            AmountMinor = reader.GetInt64(0),
            ChargeMinor = reader.GetInt64(0),
            PointsEarned = reader.GetInt64(1),
            PointsBonus = reader.GetInt64(2),
            Balance = reader.GetInt64(3),
            Tier = Tiers[reader.GetInt16(4)],
            CrossStore = reader.GetBoolean(5),
        }, WireJson.Default.PurchaseReply);
    }

    /// <summary>The load generator looks for its last customer before it begins.</summary>
    public async Task<IResult> IdentifyAsync(CustomerKey key, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT id, home_store, tier, balance FROM customers WHERE card = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Card ?? "" });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return Results.NotFound();
        var tier = Tiers[reader.GetInt16(2)];
        return Results.Json(new MemberCard
        {
            Id = reader.GetInt64(0).ToString(CultureInfo.InvariantCulture),
            HomeStore = reader.GetString(1),
            Tier = new TierView { Id = tier, Name = new LocalName(tier, tier) },
            Points = new PointsView { Balance = reader.GetInt64(3) },
        }, WireJson.Default.MemberCard);
    }
}
