using System.Text.Json;
using ChainCrm.Client.Commands;
using ChainCrm.Client.Tests.Fakes;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

public sealed class VerifyCommandTests : IAsyncLifetime
{
    private FakeServer _server = null!;

    public async Task InitializeAsync() => _server = await FakeServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_chain_whose_figures_agree_has_no_difference()
    {
        JournalFixture.Put(_server);

        var (code, output) = await RunAsync();

        code.ShouldBe(ExitCodes.Done, output);
        output.ShouldContain("No difference.");
    }

    /// <summary>What an entry says is changed; verify must notice by the entry's own sums or by the rules.</summary>
    [Theory]
    [InlineData("R1", "\"amount\":201050", "\"amount\":201051", "amount = sum of lines")]
    [InlineData("R1", "\"pointsEarned\":2010", "\"pointsEarned\":2011", "points earned = sum of lines")]
    [InlineData("R1", "\"lotPoints\":2000", "\"lotPoints\":1999", "points earned = points in lots + debt paid")]
    [InlineData("R1", "\"balance\":2010", "\"balance\":2009", "balance after the entry")]
    [InlineData("R1", "\"qualifyingSpend\":201050,\"qualifyingFrom\"", "\"qualifyingSpend\":201051,\"qualifyingFrom\"", "qualifying spend")]
    [InlineData("R1", "\"qualifyingFrom\":FROM0", "\"qualifyingFrom\":FROM1", "first day of the window")]
    [InlineData("R1", "\"tier\":\"silver\"", "\"tier\":\"member\"", "tier after the entry")]
    [InlineData("R1", "\"to\":\"silver\"", "\"to\":\"gold\"", "tier after the entry")]
    [InlineData("R2", "\"pointsBonus\":17", "\"pointsBonus\":16", "points by the base")]
    [InlineData("R2", "\"pointsBonus\":17", "\"pointsBonus\":16", "bonus by the cross-store rule")]
    [InlineData("R2", "\"pointsBonus\":17", "\"pointsBonus\":18", "bonus = sum of lines")]
    [InlineData("R2", "\"previousStore\":\"S1\"", "\"previousStore\":\"S2\"", "previous store")]
    [InlineData("R2", "\"crossStore\":true", "\"crossStore\":false", "cross store")]
    [InlineData("R2", "{\"lot\":1,\"points\":2000}", "{\"lot\":1,\"points\":1999}", "points used = sum of lots")]
    [InlineData("R2", "{\"lot\":1,\"points\":2000}", "{\"lot\":7,\"points\":2000}", "lotsUsed")]
    [InlineData("R2", "\"pointsValue\":2000", "\"pointsValue\":1999", "value of points used")]
    [InlineData("X1", "\"amount\":1050,\"pointsTakenBack\":10,\"lotsTaken\"", "\"amount\":1051,\"pointsTakenBack\":10,\"lotsTaken\"", "amount = sum of lines")]
    [InlineData("X1", "\"lotsTaken\":[{\"lot\":1,\"points\":10}]", "\"lotsTaken\":[{\"lot\":1,\"points\":11}]", "points taken back = from lots + debt")]
    [InlineData("X1", "\"amountSoFar\":1050", "\"amountSoFar\":1049", "amount returned so far")]
    [InlineData("G1", "\"points\":5,", "\"points\":6,", "points used = sum of lots")]
    [InlineData("A1", "\"debtAdded\":30", "\"debtAdded\":31", "points = lots and debt")]
    [InlineData("wake/1", "\"at\":T3", "\"at\":T2", "lot 1 expires")]
    [InlineData("wake/1", "\"balance\":0", "\"balance\":1", "balance after the entry")]
    [InlineData("wake/1", "customer.points-expired.1", "customer.points-expired.2", "event")]
    public async Task A_planted_mistake_in_an_entry_is_found(string command, string right, string wrong, string expected)
    {
        JournalFixture.Put(_server, entries => Change(entries, command, right, wrong));

        await ShouldDiffer(expected);
    }

    [Theory]
    [InlineData("S1/R1")]
    [InlineData("S2/R2")]
    [InlineData("S1/R1", "S2/R2")]
    public async Task Purchases_of_either_form_are_understood(params string[] compact)
    {
        JournalFixture.Put(_server, entries => JournalFixture.MakeCompact(entries, compact));

        var (code, output) = await RunAsync();

        code.ShouldBe(ExitCodes.Done, output);
        output.ShouldContain("No difference.");
    }

    /// <summary>The same for purchases as they are written today, where what follows from the rest is left out.</summary>
    [Theory]
    [InlineData("R1", "\"g\":1", "\"g\":1,\"a\":201051", "amount = sum of lines")]
    [InlineData("R1", "\"g\":1", "\"g\":1,\"e\":2011", "points earned = sum of lines")]
    [InlineData("R1", "200000,0,2000]", "200000,0,2000,0,null,1999]", "points earned = points in lots + debt paid")]
    [InlineData("R1", "200000,0,2000]", "200001,0,2000]", "qualifying spend")]
    [InlineData("R1", "200000,0,2000]", "200000,0,2001]", "points by the base")]
    [InlineData("R1", "\"g\":1", "\"g\":3", "lotsUsed")]
    [InlineData("R1", "\"ps\":null,", "", "previous store")]
    [InlineData("R1", "\"b\":2010", "\"b\":2009", "balance after the entry")]
    [InlineData("R1", "\"t\":\"silver\"", "\"t\":\"member\"", "tier after the entry")]
    [InlineData("R1", "\"qf\":FROM0", "\"qf\":FROM0,\"qt\":FROM1", "last day of the window")]
    [InlineData("R2", "\"ps\":\"S1\",", "", "previous store")]
    [InlineData("R2", "\"cs\":true,", "", "cross store")]
    [InlineData("R2", "[[1,2000]]", "[[1,1999]]", "points used = sum of lots")]
    [InlineData("R2", "88,17]", "88,18]", "bonus by the cross-store rule")]
    public async Task A_planted_mistake_in_a_compact_purchase_is_found(string command, string right, string wrong, string expected)
    {
        JournalFixture.Put(_server, entries =>
        {
            JournalFixture.MakeCompact(entries, "S1/R1", "S2/R2");
            Change(entries, command, right, wrong);
        });

        await ShouldDiffer(expected);
    }

    [Fact]
    public async Task More_coming_back_than_was_bought_is_found()
    {
        JournalFixture.Put(_server, entries =>
        {
            var first = entries.Single(entry => entry.Command == "S2/X1");
            entries.Insert(entries.IndexOf(first) + 1, (first.Stream, "S2/X2", first.Events
                .Replace("1050", "201050", StringComparison.Ordinal).Replace("\"balance\":105", "\"balance\":95", StringComparison.Ordinal)));
        });

        await ShouldDiffer("returned in all");
    }

    [Fact]
    public async Task A_gap_in_the_versions_of_a_stream_is_found()
    {
        JournalFixture.Put(_server, entries =>
        {
            var at = entries.FindIndex(entry => entry.Command == "S1/G1");
            entries[at] = (entries[at].Stream + "#6", entries[at].Command, entries[at].Events);
        });

        await ShouldDiffer("version without a gap");
    }

    [Fact]
    public async Task A_command_that_took_effect_twice_is_found()
    {
        JournalFixture.Put(_server, entries => entries.Add(entries.Single(entry => entry.Command == "S1/W1")));

        await ShouldDiffer("command once");
    }

    [Fact]
    public async Task An_entry_that_is_missing_shows_in_every_figure_it_would_have_changed()
    {
        JournalFixture.Put(_server, entries => entries.RemoveAll(entry => entry.Command == "S1/W1"));
        _server.Stats = _server.Stats! with { Position = 13, Head = 13 };

        var differences = await ShouldDiffer("revenue");

        differences.ShouldContain("store S1|revenue|200000|200700");
        differences.ShouldContain("totals|sales to nobody known|0|1");
    }

    [Fact]
    public async Task A_customer_the_running_system_holds_differently_is_found()
    {
        JournalFixture.Put(_server);
        _server.Figures[0] = _server.Figures[0] with { Balance = 101 };
        (await ShouldDiffer("balance")).ShouldBe(["customer ca|balance|100|101"]);

        JournalFixture.Put(_server);
        _server.Figures[0] = _server.Figures[0] with { Tier = "member" };
        (await ShouldDiffer("tier")).ShouldContain("customer ca|tier|silver|member");

        JournalFixture.Put(_server);
        _server.Figures[1] = _server.Figures[1] with { Debt = 1 };
        await ShouldDiffer("debt");

        JournalFixture.Put(_server);
        _server.Figures[0] = _server.Figures[0] with { LifetimeSpendMinor = 0 };
        await ShouldDiffer("lifetime spend");

        JournalFixture.Put(_server);
        _server.Figures.RemoveAt(1);
        (await ShouldDiffer("the running system")).ShouldContain("customer cb|the running system|has the customer|does not");
    }

    [Fact]
    public async Task A_store_or_a_total_that_is_off_is_found()
    {
        JournalFixture.Put(_server);
        _server.StoreViews[1] = _server.StoreViews[1] with { RevenueMinor = 10_001 };
        (await ShouldDiffer("revenue")).ShouldBe(["store S2|revenue|10000|10001"]);

        JournalFixture.Put(_server);
        _server.Stats = _server.Stats! with { CustomersAtTwoStores = 2 };
        (await ShouldDiffer("customers at two stores")).ShouldBe(["totals|customers at two stores|1|2"]);
    }

    [Fact]
    public async Task A_customer_that_moves_while_being_compared_is_read_again()
    {
        JournalFixture.Put(_server);
        var late = _server.Journal[^2];
        _server.Journal.RemoveAt(_server.Journal.Count - 2);
        _server.NextAt("/v1/audit/customers", (_, _) =>
        {
            _server.Journal.Add(late with { Position = _server.Journal.Count + 2 });
            return Task.FromResult(false);
        });
        _server.Stats = _server.Stats! with { Position = 15, Head = 15 };

        var (code, output) = await RunAsync();

        code.ShouldBe(ExitCodes.Done, output);
    }

    private static void Change(List<(string Stream, string Command, string Events)> entries, string command, string right, string wrong)
    {
        var at = entries.FindIndex(entry => entry.Command.EndsWith(command, StringComparison.Ordinal));
        entries[at].Events.ShouldContain(right);
        entries[at] = (entries[at].Stream, entries[at].Command, entries[at].Events.Replace(right, wrong, StringComparison.Ordinal));
    }

    private async Task<List<string>> ShouldDiffer(string what)
    {
        var (code, output) = await RunAsync("--json");
        code.ShouldBe(ExitCodes.Different, output);
        var differences = JsonDocument.Parse(output).RootElement.GetProperty("differences").EnumerateArray()
            .Select(d => string.Join('|', d.GetProperty("where").GetString(), d.GetProperty("what").GetString(), d.GetProperty("expected").GetString(), d.GetProperty("found").GetString()))
            .ToList();
        differences.ShouldContain(difference => difference.Split('|')[1] == what, string.Join('\n', differences));
        return differences;
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] more)
    {
        var output = new StringWriter();
        var code = await CommandLineRoot.RunAsync(["verify", "--server", _server.Address.ToString(), "--key", FakeServer.AccessKey, .. more], output, output);
        return (code, output.ToString());
    }
}
