using System.Globalization;
using System.Text;

namespace ChainCrm.Faults.Kinds;

/// <summary>A server that is started with too little memory and pressed until it has none left; supervised, so what ends is started again.</summary>
internal sealed class MemoryLimit() : FaultKind("memory-limit", "the server is started with a heap of 10 to 34 MB and pressed with large receipts until memory runs out or 2.5 s are over, then killed", new SiteNeeds(Store.Sqlite))
{
    private const string Variable = "DOTNET_GCHeapHardLimit";
    private const int MegabytesMin = 10, MegabytesBelow = 34, PressMs = 2_500, Hogs = 48, Lines = 2_000;

    public override async Task StrikeAsync(Round round)
    {
        var site = round.Site;
        await site.KillAsync();
        site.Environment[Variable] = (round.Random.Next(MegabytesMin, MegabytesBelow) << 20).ToString("X", CultureInfo.InvariantCulture);
        round.Struck = await RunsShortAsync(site);
        site.Environment.Remove(Variable);
        if (!site.Server.HasEnded) await site.KillAsync();
        await WayBackAsync(round);
    }

    private static async Task<bool> RunsShortAsync(Site site)
    {
        try
        {
            await site.LaunchAsync();
        }
        catch (StartFailedException)
        {
            // Too little even to start.
            return true;
        }

        await site.OpenAsync();
        using var enough = new CancellationTokenSource(PressMs);
        var key = await site.KeyAsync();
        await Task.WhenAll(Enumerable.Range(0, Hogs).Select(_ => Task.Run(() => PressAsync(site, key, enough.Token))));
        site.Gate.Close();
        return site.Server.HasEnded || site.Server.Said.Contains("OutOfMemory", StringComparison.Ordinal);
    }

    /// <summary>Large receipts of nobody: they are read whole, and refused.</summary>
    private static async Task PressAsync(Site site, string key, CancellationToken enough)
    {
        using var till = new Till(key);
        var body = new StringBuilder("""{"customer":{"id":"nobody"},"store":"S1","receipt":"hog","lines":[""");
        for (var line = 1; line <= Lines; line++)
            body.Append(CultureInfo.InvariantCulture, $$"""{{(line > 1 ? "," : "")}}{"line":{{line}},"product":"P{{line}}","category":"C","quantity":1,"priceMinor":100}""");
        var text = body.Append("]}").ToString();
        while (!enough.IsCancellationRequested && !site.Server.HasEnded)
            await till.SendAsync(site.Address, HttpMethod.Post, "/v1/purchases", text, "hog", enough);
    }
}
