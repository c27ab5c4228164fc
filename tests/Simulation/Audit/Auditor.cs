using System.Text.Json;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>What the journal of a run holds, so that a green run can be seen to have met what it is about.</summary>
internal readonly record struct AuditCounts(int Expiries, int WokenExpiries, int Reservations, int Releases, int Programmes, int Reads, int Samples, int Grants, int Withheld,
    int TopUps, int CardSales, int CardReturns, int Refunds, int Freezes, int Baskets, int PaidBaskets, int CancelledBaskets, int WokenLeases,
    int Histories, CouponCounts Coupons, TierCounts Tiers, PointCounts Points, TagCounts Tags, DeliveryCounts Deliveries);

/// <summary>Tags put on and taken off, and sales that name one.</summary>
internal readonly record struct TagCounts(int Changes, int Asked);

/// <summary>Lots whose end a purchase moved, extensions by hand, freezes of points and their releases.</summary>
internal readonly record struct PointCounts(int Moved, int Extensions, int Freezes, int MemberPrices);

/// <summary>What the journal of a run holds of coupons.</summary>
internal readonly record struct CouponCounts(int Issued, int ByRules, int Used, int Skipped, int Back, int Withdrawn, int Ended, int Woken);

/// <summary>Tiers that ended: kept, lost, looked at ahead, and how often somebody was woken for it.</summary>
internal readonly record struct TierCounts(int Kept, int Lost, int Forecasts, int Woken);

/// <summary>
/// Checks a finished run against the journal's bytes, in one pass. Written apart from Domain and Engine on purpose: dictionaries, JSON and
/// arithmetic, so that a mistake there is not made again here.
/// </summary>
internal sealed class Auditor(SimDisk disk, Witness witness, Trouble trouble, SimClock clock, Swarm swarm)
{
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly HashSet<(string Stream, string CommandId)> _commands = [];
    private readonly Dictionary<string, CustomerBook> _customers = new(StringComparer.Ordinal);
    private readonly IdentityBook _identities = new(clock, witness.Say);
    private readonly Figures _figures = new();
    private readonly PublishedRules _rules = new();
    private readonly MoneyAccounts _accounts = new();
    private readonly DeliveryBook _deliveries = new();
    private readonly Punctuality _punctuality = new(disk, trouble, clock, swarm, witness.Say);
    private int _newestUsed;
    private int _programmes;

    public AuditCounts Counts { get; private set; }

    /// <param name="stores">What the read models say of the stores in the end; null when the run did not come to one.</param>
    /// <param name="isSettled">Everything had time to come to its end.</param>
    public void Check(SeenStores? stores, bool isSettled)
    {
        var reads = new Cursor<SeenRead>(witness.Reads, static read => read.Position);
        var walls = new Cursor<SeenWall>(witness.Walls, static wall => wall.Position);
        var totals = new Cursor<SeenTotals>(witness.Totals, static seen => seen.Position);
        foreach (var entry in disk.Entries)
        {
            CheckOrder(entry);
            using (var document = JsonDocument.Parse(entry.Data))
                Add(entry, document.RootElement);
            while (reads.TryTake(entry.Position, out var read))
                CheckRead(entry, read);
            while (walls.TryTake(entry.Position, out var wall))
                _figures.Check(wall, witness.Say);
            while (totals.TryTake(entry.Position, out var seen))
                _figures.Check(seen, witness.Say);
        }

        if (reads.Left + walls.Left + totals.Left > 0)
            witness.Say($"{reads.Left} reads, {walls.Left} looks at the wall and {totals.Left} at the read models showed what the journal does not hold");
        if (isSettled)
            CheckEnd(stores);
        Counts = new AuditCounts(
            _punctuality.Expiries, _punctuality.Woken, _identities.Reservations, _identities.Releases, _programmes, witness.Reads.Count, witness.Walls.Count + witness.Totals.Count,
            _customers.Values.Sum(book => book.Grants), _customers.Values.Sum(book => book.Withheld),
            _accounts.TopUps, _accounts.CardSales, _accounts.CardReturns, _accounts.Refunds, _accounts.Freezes,
            _customers.Values.Sum(book => book.Baskets.Opened), _customers.Values.Sum(book => book.Baskets.Paid), _customers.Values.Sum(book => book.Baskets.Cancelled), _punctuality.WokenLeases,
            _customers.Count, new CouponCounts(Sum(book => book.Issued), Sum(book => book.ByRules), Sum(book => book.Used), Sum(book => book.Skipped), Sum(book => book.Back), Sum(book => book.Withdrawn), Sum(book => book.Ended), _punctuality.WokenCoupons),
            new TierCounts(_customers.Values.Sum(book => book.Tiers.Kept), _customers.Values.Sum(book => book.Tiers.Lost), _customers.Values.Sum(book => book.Tiers.Forecasts), _punctuality.WokenTiers),
            new PointCounts(_customers.Values.Sum(book => book.Moves), _customers.Values.Sum(book => book.Extensions), _customers.Values.Sum(book => book.Freezes),
                _customers.Values.Sum(book => book.MemberPrices)),
            new TagCounts(_customers.Values.Sum(book => book.Tags.Changes), _customers.Values.Sum(book => book.Tags.Asked)),
            _deliveries.Counts);
    }

    private int Sum(Func<CouponBook, int> of) => _customers.Values.Sum(book => of(book.Coupons));

    private void CheckOrder(JournalEntry entry)
    {
        var expected = _versions.GetValueOrDefault(entry.Stream) + 1;
        if (entry.Version != expected)
            witness.Say($"{entry.Stream} has version {entry.Version} where {expected} should be");
        _versions[entry.Stream] = entry.Version;
        if (!_commands.Add((entry.Stream, entry.CommandId)))
            witness.Say($"{entry.Stream} holds command {entry.CommandId} twice");
    }

    private void Add(JournalEntry entry, JsonElement envelope)
    {
        CheckProgramme(entry, envelope.GetProperty("p").GetInt32());
        var kind = entry.Stream.AsSpan(entry.Stream.IndexOf('/', StringComparison.Ordinal) + 1);
        var book = kind.StartsWith("customer/", StringComparison.Ordinal) ? Customer(entry.Stream) : null;
        book?.Begin(entry, envelope);
        foreach (var happened in envelope.GetProperty("e").EnumerateArray())
        {
            var (name, data) = CompactPurchase.LongForm(happened.GetProperty("t").GetString()!, happened.GetProperty("d"));
            book?.Fold(name, data);
            _figures.Add(entry.Stream, name, data);
            _identities.Add(entry, name, data);
            if (name == "programme.published.1")
                Published(data);
        }

        if (book is null)
            return;
        book.End(envelope);
        _accounts.Check(wrong => book.Wrong.Add(wrong));
        foreach (var wrong in book.Wrong)
            witness.Say($"{entry.Stream} version {entry.Version}: {wrong}");
        book.Wrong.Clear();
    }

    private void Published(JsonElement data)
    {
        var version = data.GetProperty("version").GetInt32();
        if (version != ++_programmes)
            witness.Say($"programme {version} was published where {_programmes} should follow");
        _rules.Add(version, data.Text("document")!);
    }

    /// <summary>No decision goes by a programme that was not published before it, nor, with one writer, by an older one than the decision before.</summary>
    private void CheckProgramme(JournalEntry entry, int programme)
    {
        if (programme > _programmes)
            witness.Say($"{entry.Stream} {entry.CommandId} was decided by programme {programme}, the newest is {_programmes}");
        if (programme < _newestUsed && !swarm.Rival)
            witness.Say($"{entry.Stream} {entry.CommandId} was decided by programme {programme} after another was by {_newestUsed}");
        _newestUsed = Math.Max(_newestUsed, programme);
    }

    private CustomerBook Customer(string stream)
    {
        if (!_customers.TryGetValue(stream, out var book))
            _customers[stream] = book = new CustomerBook(stream[(stream.LastIndexOf('/') + 1)..], _punctuality, _rules, _accounts, _deliveries);
        return book;
    }

    private void CheckRead(JournalEntry entry, SeenRead read)
    {
        var book = _customers[entry.Stream];
        if (book.Balance != read.Balance || book.LotSum != read.Lots || book.Debt != read.Debt)
            witness.Say($"{entry.Stream} at version {entry.Version} was read as {read.Balance} points and is {book.Balance}");
        if ((book.StoredValue.Principal, book.StoredValue.Gift, book.StoredValue.IsFrozen) != (read.Principal, read.Gift, read.IsFrozen))
            witness.Say($"{entry.Stream} at version {entry.Version} was read with {read.Principal} principal and {read.Gift} gift, frozen {read.IsFrozen}, and holds {book.StoredValue.Principal} and {book.StoredValue.Gift}");
        if (book.Coupons.Held != read.Coupons)
            witness.Say($"{entry.Stream} at version {entry.Version} was read with the coupons {read.Coupons}, and holds {book.Coupons.Held}");
        if (book.Baskets.Held != (read.HeldPoints, read.HeldMoney))
            witness.Say($"{entry.Stream} at version {entry.Version} was read with {read.HeldPoints} points and {read.HeldMoney} stored value in baskets, which hold {book.Baskets.Held}");
    }

    private void CheckEnd(SeenStores? stores)
    {
        _identities.CheckEnd();
        foreach (var (stream, book) in _customers)
            book.CheckEnd(stream);
        _deliveries.CheckEnd(_punctuality, witness.Say);
        _accounts.CheckEnd(_customers.Values.Sum(book => book.StoredValue.Principal), _customers.Values.Sum(book => book.StoredValue.Gift), witness.Say);
        if (stores is not null)
            _figures.Check(stores, witness.Say);
    }

    /// <summary>Goes through what was seen in the order of the journal.</summary>
    private sealed class Cursor<T>(List<T> seen, Func<T, long> position)
    {
        private readonly List<T> _sorted = [.. seen.OrderBy(position)];
        private int _next;

        public int Left => _sorted.Count - _next;

        public bool TryTake(long at, out T taken)
        {
            taken = default!;
            if (_next >= _sorted.Count || position(_sorted[_next]) != at)
                return false;
            taken = _sorted[_next++];
            return true;
        }
    }
}
