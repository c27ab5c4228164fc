using System.Text.Json;
using ChainCrm.Client.Commands;
using ChainCrm.Client.Tests.Fakes;
using ChainCrm.Client.Wire;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Commands;

public sealed class ReplayCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("replay-").FullName;
    private FakeServer _server = null!;

    private string DataFile => Path.Combine(_folder, "sales.csv");
    private string StateFile => Path.Combine(_folder, "state");

    public async Task InitializeAsync() => _server = await FakeServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("--batch", "7")]
    [InlineData("--single", null)]
    public async Task Every_receipt_is_sent_once_with_its_lines_and_a_customer_s_purchases_in_order(string option, string? value)
    {
        WriteSales(receipts: 60);

        var (code, output, _) = await RunAsync(value is null ? [option] : [option, value]);

        code.ShouldBe(ExitCodes.Done, output);
        _server.Purchases.Count.ShouldBe(60);
        _server.Purchases.Values.ShouldAllBe(purchase => purchase.Lines!.Count == 2);
        _server.Stores.Count.ShouldBe(3);
        _server.Customers.Count.ShouldBe(5);
        foreach (var customer in Sent().GroupBy(purchase => purchase.Customer!.Id))
            customer.Select(purchase => purchase.OccurredAt).ShouldBeInOrder(SortDirection.Ascending, $"purchases of {customer.Key}");
        output.ShouldContain("new purchases in the totals");
    }

    [Fact]
    public async Task A_second_run_repeats_the_same_keys_and_adds_nothing()
    {
        WriteSales(receipts: 20);
        await RunAsync("--batch", "5");
        var first = _server.Requests.Where(seen => seen.Key is not null).Select(seen => (seen.Key, seen.Body)).Where(seen => !seen.Body.Contains("purchases", StringComparison.Ordinal)).ToHashSet();
        _server.Requests.Clear();

        var (code, _, _) = await RunAsync("--batch", "5", "--json", Path.Combine(_folder, "report.json"));

        code.ShouldBe(ExitCodes.Done);
        foreach (var seen in _server.Requests.Where(seen => seen.Path == "/v1/customers")) first.ShouldContain((seen.Key, seen.Body));
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(_folder, "report.json")));
        report.RootElement.GetProperty("recordedPurchases").GetInt64().ShouldBe(20);
        report.RootElement.GetProperty("new").GetProperty("purchases").GetInt64().ShouldBe(0);
        report.RootElement.GetProperty("new").GetProperty("members").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_stopped_replay_goes_on_where_it_was()
    {
        WriteSales(receipts: 40);
        using var stop = new CancellationTokenSource();
        string[] slowly = ["--batch", "5", "--workers", "1", "--state", StateFile];
        var batches = 0;
        for (var i = 0; i < 200; i++)
        {
            _server.Next(async (_, seen) =>
            {
                if (seen.Path == "/v1/purchases/batch" && ++batches == 4) await stop.CancelAsync();
                return false;
            });
        }

        var (stopped, _, _) = await RunAsync(slowly, stop.Token);
        stopped.ShouldBe(ExitCodes.Stopped);
        File.Exists(StateFile).ShouldBeTrue();
        _server.Requests.Clear();
        var (code, output, _) = await RunAsync(slowly, CancellationToken.None);

        code.ShouldBe(ExitCodes.Done, output);
        _server.Purchases.Count.ShouldBe(40);
        Sent().Count().ShouldBe(25);
        output.ShouldContain("15 of 40 receipts were sent before");
        File.Exists(StateFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_stumbles_in_the_middle_does_not_stop_it()
    {
        WriteSales(receipts: 30);
        for (var i = 0; i < 12; i++)
        {
            _server.Next((_, _) => Task.FromResult(false));
            _server.NextRefuses(503, 901, mayPassLater: true, retryAfter: "0");
            _server.Next((http, _) =>
            {
                http.Abort();
                return Task.FromResult(true);
            });
        }

        var (code, output, error) = await RunAsync("--batch", "3");

        code.ShouldBe(ExitCodes.Done, output + error);
        _server.Purchases.Count.ShouldBe(30);
    }

    [Fact]
    public async Task Sales_that_a_batch_holds_back_are_sent_again_and_only_the_judged_one_is_refused()
    {
        WriteSales(receipts: 10, customers: 1);
        _server.NextAt("/v1/purchases/batch", async (http, _) =>
        {
            var held = new PurchaseResult { Problem = new Problem { Code = 143, Name = "customer.earns-too-much", MayPassLater = true, Status = 409 } };
            var reply = new PurchaseBatchReply([.. Enumerable.Repeat(held, 10)]);
            await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(reply, WireJson.Default.PurchaseBatchReply));
            return true;
        });

        var (code, output, _) = await RunAsync("--workers", "1");

        code.ShouldBe(ExitCodes.Done, output);
        _server.Purchases.Count.ShouldBe(9);
        _server.Requests.Count(seen => seen.Path == "/v1/purchases/batch").ShouldBe(2);
        output.ShouldContain("refused with 143");
    }

    [Fact]
    public async Task Bad_rows_are_named_by_line_and_nothing_is_sent_unless_told_so()
    {
        WriteSales(receipts: 3);
        await File.AppendAllTextAsync(DataFile, "1,S1,R99,A,1,much,2017-01-01\n");

        var (refused, output, error) = await RunAsync();
        refused.ShouldBe(ExitCodes.WrongUse);
        output.ShouldContain("line 8: 'much' is no amount.");
        error.ShouldContain("--skip-bad-rows");
        _server.Requests.ShouldBeEmpty();

        var (code, _, _) = await RunAsync("--skip-bad-rows");
        code.ShouldBe(ExitCodes.Done);
        _server.Purchases.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Cancellations_without_a_purchase_are_sent_refused_by_number_and_counted()
    {
        await File.WriteAllTextAsync(DataFile, "invoice_no,customer_id,invoice_date,country,lines,units,amount_gbp,is_cancellation\n"
            + "1,7,2011-01-01T10:00:00,UK,1,5,10.5,0\nC2,7,2011-01-02T10:00:00,UK,1,-5,-10.5,1\nC3,7,2011-01-03T10:00:00,UK,1,-1,-2,1\n"
            + "4,,2011-01-04T10:00:00,UK,1,-3,0,0\n5,,2011-01-04T10:00:00,UK,1,3,0,0\n");

        var (code, output, error) = await RunCommandAsync("replay", DataFile, "--preset", "online-retail", "--no-state", "--json");

        code.ShouldBe(ExitCodes.Done, error);
        var report = JsonDocument.Parse(output).RootElement;
        report.GetProperty("recordedPurchases").GetInt64().ShouldBe(1);
        report.GetProperty("recordedWalkIns").GetInt64().ShouldBe(1);
        report.GetProperty("recordedReturns").GetInt64().ShouldBe(1);
        report.GetProperty("refusedCancellations").GetInt64().ShouldBe(1);
        report.GetProperty("refusedPurchases").GetInt64().ShouldBe(1);
        report.GetProperty("refusals").EnumerateArray().Select(refusal => refusal.GetProperty("code").GetInt32()).ShouldBe([116, 150]);
        _server.Returns.Keys.ShouldBe(["C2"]);
    }

    [Fact]
    public async Task Customers_numbers_stand_in_no_key_and_no_address()
    {
        await File.WriteAllTextAsync(DataFile, "who,shop,no,sku,qty,paid,when\n4711081500,S1,R1,A,1,1,2017-01-01\n");

        await RunAsync("--no-state");

        _server.Purchases.Count.ShouldBe(1);
        _server.Requests.ShouldAllBe(seen => !seen.Path.Contains("4711081500") && !(seen.Key ?? "").Contains("4711081500"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_in_one_line_without_the_key()
    {
        WriteSales(receipts: 1);
        var error = new StringWriter();

        var code = await CommandLineRoot.RunAsync(
            ["replay", DataFile, .. Columns, "--server", "http://127.0.0.1:1", "--key", FakeServer.AccessKey, "--patience", "1", "--no-state"], new StringWriter(), error);

        code.ShouldBe(ExitCodes.ServerFailed);
        error.ToString().Trim().Split('\n').ShouldHaveSingleItem().ShouldStartWith("chaincrm: No answer from http://127.0.0.1:1");
        error.ToString().ShouldNotContain(FakeServer.AccessKey);
    }

    private static readonly string[] Columns =
        ["--customer", "who", "--store", "shop", "--receipt", "no", "--product", "sku", "--quantity", "qty", "--amount", "paid", "--time", "when"];

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] more) => RunAsync([.. more, "--no-state"], CancellationToken.None);

    private Task<(int Code, string Output, string Error)> RunAsync(string[] more, CancellationToken cancellation) =>
        RunCommandAsync(["replay", DataFile, .. Columns, .. more], cancellation);

    private Task<(int Code, string Output, string Error)> RunCommandAsync(params string[] arguments) => RunCommandAsync(arguments, CancellationToken.None);

    private async Task<(int Code, string Output, string Error)> RunCommandAsync(string[] arguments, CancellationToken cancellation)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLineRoot.RunAsync([.. arguments, "--server", _server.Address.ToString(), "--key", FakeServer.AccessKey], output, error, cancellation);
        return (code, output.ToString(), error.ToString());
    }

    private IEnumerable<PurchaseRequest> Sent() => _server.Requests.SelectMany(seen => seen.Path switch
    {
        "/v1/purchases" => [JsonSerializer.Deserialize(seen.Body, WireJson.Default.PurchaseRequest)!],
        "/v1/purchases/batch" => JsonSerializer.Deserialize(seen.Body, WireJson.Default.PurchaseBatchRequest)!.Purchases!,
        _ => (IEnumerable<PurchaseRequest>)[],
    });

    /// <summary>Receipts of two lines, by several customers at three stores, an hour apart.</summary>
    private void WriteSales(int receipts, int customers = 5)
    {
        using var file = new StreamWriter(DataFile);
        file.WriteLine("who,shop,no,sku,qty,paid,when");
        for (var i = 0; i < receipts; i++)
        {
            var time = new DateTime(2017, 1, 1).AddHours(i).ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
            file.WriteLine($"{i % customers},S{i % 3},R{i},A,1,1.50,{time}");
            file.WriteLine($"{i % customers},S{i % 3},R{i},B,2,3,{time}");
        }
    }
}
