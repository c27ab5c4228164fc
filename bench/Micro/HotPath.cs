using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Runtime;
using ChainCrm.Journal;
using ChainCrm.Journal.Sqlite;
using ChainCrm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCrm.Micro;

/// <summary>The steps of a purchase of three lines, each by itself, and the engine's whole.</summary>
public static class HotPath
{
    private const int Batch = 64;

    /// <summary>One customer buys everything of a step by itself; the engine's whole is spread over these many, as sales are.</summary>
    private const int Customers = 256;

    private static readonly GrainCatalog Catalog = GrainCatalog.Product;
    private static readonly Programme Rules = Programme.BuiltIn;
    private static readonly GrainId Grain = Shop.Customer("c1");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("decide", Decide), new("fold", Fold), new("encode", Encode), new("decode", Decode), new("turn", Turn), new("journal append", Append), new("engine, whole purchase", Ask),
    ];

    private static Prepared Decide(int times)
    {
        var (sales, state) = (Sales(times), (CustomerState)Enrolled().State);
        return new(() =>
        {
            foreach (var sale in sales) _ = CustomerDecider.Decide(state, sale, Rules);
        });
    }

    private static Prepared Turn(int times)
    {
        var (sales, activation, writer) = (Sales(times), Enrolled(), new EntryWriter());
        return new(() => Take(activation, sales, writer, _ => { }), writer.Dispose);
    }

    private static Prepared Encode(int times)
    {
        var (writer, happened) = (new EntryWriter(), new List<IReadOnlyList<object>>(times));
        Take(Enrolled(), Sales(times), writer, outcome => happened.Add(outcome.Events!));
        writer.Clear();
        return new(() =>
        {
            for (var i = 0; i < times; i++)
            {
                if (i % Batch == 0) writer.Clear();
                writer.Write(1, 42, default, happened[i]);
            }
        }, writer.Dispose);
    }

    private static Prepared Decode(int times)
    {
        var entries = Entries(times);
        return new(() =>
        {
            foreach (var entry in entries) _ = EntryCodec.Decode(entry);
        });
    }

    private static Prepared Fold(int times)
    {
        var (entries, activation) = (Entries(times).ConvertAll(EntryCodec.Decode), Enrolled());
        return new(() =>
        {
            foreach (var entry in entries) activation.Fold(entry);
        });
    }

    private static Prepared Append(int times)
    {
        var folder = Directory.CreateTempSubdirectory("chaincrm-micro-").FullName;
        var journal = SqliteJournal.OpenAsync(new() { Folder = folder }).GetAwaiter().GetResult();
        var batches = Entries(times)
            .Select((entry, i) => new EntryToAppend($"main/customer/c{i % Customers}", i / Customers, entry.CommandId, CommandIsNew: true, entry.TimeMs, entry.Data))
            .Chunk(Batch).ToList();
        // The first one makes what is kept.
        Append(journal, batches[0]);
        return new(() =>
        {
            foreach (var batch in batches.Skip(1)) Append(journal, batch);
        }, () =>
        {
            journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        });
    }

    private static Prepared Ask(int times)
    {
        var engine = new EmbeddedEngine(new MemoryJournal(), new MemorySnapshotStore(), new OneProgramme(), new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        engine.StartAsync().GetAwaiter().GetResult();
        var commands = Sales(times).ConvertAll(sale => sale);
        Send(engine, Enumerable.Range(0, Customers).Select(i => new GrainCommand(Shop.Customer($"c{i}"), "enrol", 0, Shop.Enrol())));
        return new(() => Send(engine, commands.Select((sale, i) => new GrainCommand(Shop.Customer($"c{i % Customers}"), sale.Receipt, 0, sale))),
            () => engine.DisposeAsync().AsTask().GetAwaiter().GetResult());
    }

    private static void Send(EmbeddedEngine engine, IEnumerable<GrainCommand> commands)
    {
        foreach (var batch in commands.Chunk(Batch))
        {
            var asked = Array.ConvertAll(batch, command => engine.AskAsync(command).AsTask());
            foreach (var reply in Task.WhenAll(asked).GetAwaiter().GetResult())
                if (reply.Kind != ReplyKind.Accepted) throw new InvalidOperationException($"A measured command was answered {reply.Kind} {reply.Rejection?.Name}.");
        }
    }

    private static void Append(SqliteJournal journal, EntryToAppend[] batch)
    {
        var result = journal.AppendAsync(batch);
        if (!(result.IsCompleted ? result.Result : result.AsTask().GetAwaiter().GetResult()).Committed) throw new InvalidOperationException("A measured batch conflicts.");
    }

    private static List<RecordPurchase> Sales(int times) => [.. Enumerable.Range(0, times).Select(i => Shop.Purchase($"R{i}", Shop.Noon, 12_50, 3_99, 7_00))];

    private static Activation Enrolled()
    {
        using var writer = new EntryWriter();
        var activation = Catalog.Activate(Grain)!;
        activation.Decide(Shop.Enrol(), StableHash.Of("enrol"), 0, null, Rules, writer);
        return activation;
    }

    private static void Take(Activation activation, List<RecordPurchase> sales, EntryWriter writer, Action<DecisionOutcome> each)
    {
        for (var i = 0; i < sales.Count; i++)
        {
            if (i % Batch == 0) writer.Clear();
            each(activation.Decide(sales[i], StableHash.Of(sales[i].Receipt), 42, null, Rules, writer));
        }
    }

    /// <summary>The entries of a customer's purchases, versions from 2.</summary>
    private static List<JournalEntry> Entries(int times)
    {
        using var writer = new EntryWriter();
        var (sales, entries) = (Sales(times), new List<JournalEntry>(times));
        Take(Enrolled(), sales, writer, outcome => entries.Add(new(entries.Count + 1, Grain.Stream, entries.Count + 2, sales[entries.Count].Receipt, Shop.Noon.UnixMs,
            writer.Slice(writer.Length - outcome.DataLength, outcome.DataLength).ToArray())));
        return entries;
    }
}
