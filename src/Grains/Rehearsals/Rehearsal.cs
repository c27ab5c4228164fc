using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;

namespace ChainCrm.Grains.Rehearsals;

/// <summary>
/// A draft of the programme on the chain's own history: every customer who did anything in the window, by the entries of the journal, one customer after the
/// other. Reads what the tills have written and writes nothing (docs/domain/rehearsal.md).
/// </summary>
/// <param name="journal">Holds the history.</param>
/// <param name="readModels">List the customers.</param>
/// <param name="directories">Know the versions of the rules, and the stores.</param>
/// <param name="chain">The chain.</param>
/// <param name="draft">The rules; null: each entry under the version that decided it.</param>
/// <param name="from">Beginning of the window, by the time the server recorded an entry.</param>
/// <param name="until">Its end.</param>
public sealed class Rehearsal(IJournal journal, IReadModels readModels, IDirectories directories, string chain, Programme? draft, Timestamp from, Timestamp until)
{
    private readonly Lock _lock = new();
    private readonly RehearsalTotals _totals = new() { RankOf = (draft ?? directories.Current(chain)).RankOf };
    private readonly Dictionary<string, BusinessCalendar> _calendars = new(StringComparer.Ordinal);
    private readonly long _head = journal.Head;

    /// <summary>The rules it is about: the draft, or those that run.</summary>
    public Programme Rules { get; } = draft ?? directories.Current(chain);

    /// <summary>Customers of the chain that were looked at; those without entries in the window, too.</summary>
    public long Done { get; private set; }

    /// <summary>Reads the totals while nobody writes them.</summary>
    public TResult Read<TResult>(Func<RehearsalTotals, TResult> read)
    {
        lock (_lock) return read(_totals);
    }

    /// <summary>Runs to the end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var terms = new RehearsalTerms(draft, from, OffsetOf, PlaceOf);
        CustomerId? after = null;
        while (true)
        {
            var page = await readModels.CustomersAsync(chain, after, GrainLimits.CustomersPageMax, cancellation);
            foreach (var customer in page)
            {
                await LiveAsync(customer, terms, cancellation);
                Done++;
            }

            if (page.Count < GrainLimits.CustomersPageMax) return;
            after = page[^1];
        }
    }

    private async Task LiveAsync(CustomerId customer, RehearsalTerms terms, CancellationToken cancellation)
    {
        var stream = new GrainId(chain, GrainKinds.Customer, customer.Value).Stream;
        // Most customers of a large chain did nothing in the window: their newest entry says so.
        if (await journal.ReadStreamBackwardAsync(stream, long.MaxValue, 1, cancellation) is not [var newest] || newest.TimeMs < from.UnixMs) return;
        var lives = new RehearsedCustomer(terms, _totals);
        for (var version = 1L; ;)
        {
            var page = await journal.ReadStreamAsync(stream, version, GrainLimits.RehearsalPage, cancellation);
            lock (_lock)
            {
                _totals.Customer = customer;
                // What is sold while the rehearsal runs is of the next one.
                var entries = page.TakeWhile(written => written.Position <= _head && written.TimeMs < until.UnixMs).Select(EntryCodec.Decode).ToList();
                foreach (var entry in entries) lives.Add([.. entry.Events.Cast<CustomerEvent>()], DecidedBy(entry));
                if (entries.Count < GrainLimits.RehearsalPage)
                {
                    lives.End(until);
                    return;
                }
            }

            version = page[^1].Version + 1;
        }
    }

    private Programme DecidedBy(CommittedEntry entry) => directories.ProgrammeVersion(chain, entry.ProgrammeVersion) ?? directories.Current(chain);

    // A chain may have changed its time zone with a version: what an older one decided is decided again by its own clock.
    private int OffsetOf(Programme programme, Timestamp at)
    {
        if (!_calendars.TryGetValue(programme.TimeZone, out var calendar)) _calendars.Add(programme.TimeZone, calendar = new BusinessCalendar(programme.TimeZone));
        return calendar.OffsetMinutes(at);
    }

    private (string? Region, string? City) PlaceOf(StoreId id) => directories.Store(chain, id) is { } store ? (store.Region, store.City) : (null, null);
}
