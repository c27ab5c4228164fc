using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>A member price as the auditor needs it: percent off, or minor units for a quantity of 1; whether everything and everybody has it.</summary>
internal sealed record PriceOfJournal(bool Enabled, bool OnDiscounted, bool IsForAll, long? Percent, long Minor)
{
    /// <summary>What it takes off a line, in whole minor units, rounded down.</summary>
    public long Off(long amount, long quantity, bool isDiscounted)
    {
        if (!Enabled || (isDiscounted && !OnDiscounted))
            return 0;
        if (Percent is { } percent)
            return (long)decimal.Floor((decimal)amount * percent / 100m);
        return quantity == 0 ? 0 : Math.Max(0, amount - (long)decimal.Ceiling((decimal)Minor * quantity / 1_000m));
    }
}

/// <summary>Member prices and early access of one programme version as the auditor needs them.</summary>
internal sealed record PricesOfJournal(IReadOnlyDictionary<string, PriceOfJournal> Prices, IReadOnlyDictionary<string, DateOnly> PublicFrom)
{
    public static PricesOfJournal Read(JsonElement programme) => new(
        programme.List("memberPrices").ToDictionary(price => price.Text("id")!, Of, StringComparer.Ordinal),
        programme.List("earlyAccess").ToDictionary(access => access.Text("id")!, access => DateOnly.Parse(access.Text("publicFrom")!, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal));

    private static PriceOfJournal Of(JsonElement price)
    {
        var give = price.GetProperty("give");
        return new PriceOfJournal(
            !price.TryGetProperty("enabled", out _) || price.Flag("enabled"), !price.TryGetProperty("onDiscounted", out _) || price.Flag("onDiscounted"), !price.TryGetProperty("when", out _),
            give.Text("kind") == "percent" ? give.Number("percent") : null, give.Number("minor"));
    }
}

/// <summary>What member prices took off sales, by arithmetic over the events' JSON alone: what a line says, never less than what everybody has, and nothing where the till did not ask.</summary>
internal static class PriceBook
{
    private static readonly DateOnly Epoch = new(1970, 1, 1);

    /// <summary>How many lines had one.</summary>
    public static int Bought(PricesOfJournal rules, JsonElement data, List<string> wrong)
    {
        if (!data.TryGetProperty("memberPrices", out var uses))
            return 0;
        var (receipt, met) = ($"{data.Text("store")}/{data.Text("receipt")}", 0);
        var shares = data.List("couponShares").Select(share => share.GetInt64()).ToList();
        var place = 0;
        foreach (var line in data.List("lines"))
        {
            var off = 0L;
            var hasPrice = uses.TryGetProperty(line.GetProperty("line").GetRawText(), out var use);
            if (hasPrice)
                off = use.Number("off");
            var byTill = line.Number("discount") - off - (shares.Count == 0 ? 0 : shares[place]);
            var amount = line.Number("price") - byTill;
            place++;
            if (hasPrice)
            {
                met++;
                if (!rules.Prices.TryGetValue(use.Text("price")!, out var price) || price.Off(amount, line.Number("quantity"), byTill != 0) is var told && told != off)
                    wrong.Add($"member price {use.Text("price")} takes {off} off {amount} of {receipt}");
            }

            if (!data.Flag("asksMemberPrices"))
                continue;
            foreach (var (id, price) in rules.Prices)
                if (price.IsForAll && price.Off(amount, line.Number("quantity"), byTill != 0) > off)
                    wrong.Add($"{off} is taken off {amount} of {receipt}, and the member price {id} that everybody has takes more");
        }

        if (!data.Flag("asksMemberPrices") && met > 0)
            wrong.Add($"{receipt} has member prices, and its till did not ask");
        foreach (var early in data.List("earlySales"))
            if (!rules.PublicFrom.TryGetValue(early.GetString()!, out var day) || Epoch.AddDays((int)data.Number("businessDay")) >= day)
                wrong.Add($"{receipt} was sold early by {early.GetString()}, and was on sale");
        return met;
    }
}
