using System.Net;
using System.Text.Json;
using ChainCrm.Faults.Shim;
using Shouldly;
using Xunit;

namespace ChainCrm.Faults;

/// <summary>What a killed server had written and not flushed is recovered by the next one, and from then on must not be taken back.</summary>
public sealed class UnflushedTests
{
    private const int SlowMs = 20_000;

    [FaultFact("torn-page")]
    public Task What_was_not_flushed_when_the_server_was_killed_is_on_the_disk_before_it_is_acknowledged() => CheckAsync(async (site, sending) =>
    {
        await UntilAsync(() => site.Shim.FlushesSlowed > 0, "Nothing was flushed.");
        await site.Server.KillAsync();
        (await sending).Status.ShouldBeNull();
    }, shim => shim.SlowFlushesBy(1, SlowMs));

    /// <summary>The kernel drops what it could not write: a later flush succeeds, and what is still read from memory is not on the disk.</summary>
    [FaultFact("torn-page")]
    public Task What_a_failed_flush_dropped_is_on_the_disk_before_it_is_acknowledged() => CheckAsync(async (site, sending) =>
    {
        (await sending).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await site.Server.KillAsync();
    }, shim => shim.FailFlushes(1, flushFirst: false));

    private static async Task CheckAsync(Func<Site, Task<(HttpStatusCode? Status, string Text)>, Task> end, Action<ShimControl> fault)
    {
        await using var site = await Site.MakeAsync(Kinds.AllKinds.Named("torn-page").Needs);
        using var till = new Till(await site.KeyAsync());
        await Chain.MakeAsync(till, site.Address);
        var anna = JsonSerializer.Deserialize<JsonElement>(await SendAsync(site, till, Chain.Enrol("e-1"))).GetProperty("id").GetString()!;
        var sale = Chain.Buy("r-1", anna, store: 1, amountMinor: 1_200, usePoints: 0);

        fault(site.Shim);
        await end(site, till.SendAsync(site.Address, HttpMethod.Post, sale.Path, sale.Body, sale.Key));
        site.Shim.Heal();
        await site.LaunchAsync();
        (await site.Journal.AllAsync()).ShouldContain(entry => entry.Command == sale.Id, "the batch was written whole, so the start takes it for committed");
        var acknowledged = await SendAsync(site, till, sale);

        await site.Server.KillAsync();
        PowerCut.Strike(site.Shim.Log!, new Random(1), percent: 0);
        File.Delete(site.Shim.Log!);
        await site.LaunchAsync();

        (await site.Journal.AllAsync()).ShouldContain(entry => entry.Command == sale.Id, "it was acknowledged");
        (await SendAsync(site, till, sale)).ShouldBe(acknowledged);
    }

    private static async Task<string> SendAsync(Site site, Till till, Command command)
    {
        var (status, text) = await till.SendAsync(site.Address, HttpMethod.Post, command.Path, command.Body, command.Key);
        ((int?)status).ShouldBeOneOf([200, 201], text);
        return text;
    }

    private static async Task UntilAsync(Func<bool> holds, string otherwise)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var until = Environment.TickCount64 + FaultsLimits.PatienceSeconds * 1_000L;
        while (!holds())
        {
            if (Environment.TickCount64 > until) throw new TimeoutException(otherwise);
            await timer.WaitForNextTickAsync();
        }
    }
}
