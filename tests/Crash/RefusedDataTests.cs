using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text.Json;
using ChainCrm.Client.Wire;
using Shouldly;
using Xunit;

namespace ChainCrm.Crash;

public class RefusedDataTests
{
    private const int DataUnusable = 3;

    private static SortedDictionary<string, string> Fingerprint(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(folder, file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))), StringComparer.Ordinal);

    private static async Task<Chain> WithDataAsync()
    {
        var chain = new Chain();
        await chain.StartAsync("--empty");
        await chain.SetUpAsync();
        (await chain.TerminateAsync()).ExitCode.ShouldBe(0);
        return chain;
    }

    private static void Write(string file, long at, ReadOnlySpan<byte> bytes)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.Position = at;
        stream.Write(bytes);
    }

    [Fact]
    public async Task A_damaged_journal_is_refused_and_nothing_is_touched()
    {
        await using var chain = await WithDataAsync();
        Write(Path.Combine(chain.DataFolder, "journal.db"), 0, "this is not a journal"u8);
        var before = Fingerprint(chain.DataFolder);
        var (code, said) = await ServerProcess.StartInVainAsync(chain.Folder, "--empty");
        code.ShouldBe(DataUnusable, said);
        said.ShouldContain("journal.db");
        Fingerprint(chain.DataFolder).ShouldBe(before);
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_refused_and_nothing_is_touched()
    {
        await using var chain = await WithDataAsync();
        // Bytes 60 to 63 of a SQLite file are its user_version, where the journal keeps the number of its format.
        Write(Path.Combine(chain.DataFolder, "journal.db"), 60, [0, 0, 0x7F, 0]);
        var before = Fingerprint(chain.DataFolder);
        var (code, said) = await ServerProcess.StartInVainAsync(chain.Folder, "--empty");
        code.ShouldBe(DataUnusable, said);
        said.ShouldContain("newer");
        Fingerprint(chain.DataFolder).ShouldBe(before);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        await using var chain = new Chain();
        await chain.StartAsync("--empty");
        var (code, said) = await ServerProcess.StartInVainAsync(chain.Folder, "--empty");
        code.ShouldBe(DataUnusable, said);
        await chain.SetUpAsync();
    }

    [Fact]
    public async Task A_lost_master_key_is_refused_instead_of_being_replaced()
    {
        await using var chain = await WithDataAsync();
        File.Delete(Path.Combine(chain.DataFolder, "master.key"));
        File.Delete(Path.Combine(chain.DataFolder, "keys.db"));
        var (code, said) = await ServerProcess.StartInVainAsync(chain.Folder, "--empty");
        code.ShouldBe(DataUnusable, said);
        File.Exists(Path.Combine(chain.DataFolder, "master.key")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_demo_does_not_start_on_a_real_chain()
    {
        await using var chain = await WithDataAsync();
        var (code, said) = await ServerProcess.StartInVainAsync(chain.Folder, "--demo", "food");
        code.ShouldBe(2, said);
        said.ShouldContain("not a demo");
    }

    [Fact]
    public async Task On_a_full_disk_writes_are_refused_with_904_reads_go_on_and_with_room_writes_pass_again()
    {
        await using var chain = new Chain();
        await chain.StartAsync("--empty", "--set", "data.journalMegabytesMax=1");
        await chain.SetUpAsync();
        using (var client = chain.Client())
        {
            var refused = await FillAsync(chain, client);
            refused.Code.ShouldBe(904);
            refused.MayPassLater.ShouldBeTrue();
            (await client.TryAsync(HttpMethod.Get, $"/v1/customers/{chain.Customers[0]}", null, null)).Status.ShouldBe(HttpStatusCode.OK);
            var (status, ready) = await client.TryAsync(HttpMethod.Get, "/health/ready", null, null);
            status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            ready.ShouldContain("journal.disk-full");
        }
        (await chain.TerminateAsync()).ExitCode.ShouldBe(0);
        await chain.StartAsync("--empty");
        using var again = chain.Client();
        await again.SendAsync(HttpMethod.Post, "/v1/purchases", Purchase(chain, "after"), "after");
    }

    private static async Task<Problem> FillAsync(Chain chain, TillClient client)
    {
        for (var number = 0; number < 20_000; number += 200)
        {
            var replies = await Task.WhenAll(Enumerable.Range(number, 200).Select(n => client.TryAsync(HttpMethod.Post, "/v1/purchases", Purchase(chain, $"f{n}"), $"f{n}")));
            var refused = replies.FirstOrDefault(reply => reply.Status != HttpStatusCode.OK);
            if (refused.Status is not null) return await FillTheRestAsync(chain, client, number + 200);
        }
        throw new InvalidOperationException("20,000 purchases fit into one megabyte.");
    }

    /// <summary>Where a batch of many did not fit, a single purchase may: the disk is full when one alone is refused.</summary>
    private static async Task<Problem> FillTheRestAsync(Chain chain, TillClient client, int first)
    {
        for (var number = first; number < first + 2_000; number++)
        {
            var (status, text) = await client.TryAsync(HttpMethod.Post, "/v1/purchases", Purchase(chain, $"f{number}"), $"f{number}");
            if (status != HttpStatusCode.OK) return JsonSerializer.Deserialize<Problem>(text, new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
        }
        throw new InvalidOperationException("2,000 more purchases fit after the first refusal.");
    }

    private static PurchaseRequest Purchase(Chain chain, string receipt) => new()
    {
        Customer = new CustomerKey { Id = chain.Customers[0] },
        Store = "S1",
        Receipt = receipt,
        Lines = [new PurchaseLineRequest { Line = 1, Product = "P1", Quantity = 1, PriceMinor = 100 }],
    };
}
