using System.Globalization;

namespace ChainCrm.Silo.Demo;

/// <summary>What happens in a generated chain, at a time.</summary>
/// <param name="AtMs">Milliseconds since 1970.</param>
/// <param name="Store">Index of the store.</param>
internal abstract record DemoAct(long AtMs, int Store);

/// <summary>A line of a planned sale.</summary>
internal readonly record struct DemoLine(string Product, string Category, int Pieces, long PriceMinor, long DiscountMinor);

/// <summary>A sale; <paramref name="Person"/> is null for nobody known.</summary>
internal sealed record DemoSale(
    long AtMs, int Store, string Receipt, DemoPerson? Person, bool Joins, IReadOnlyList<DemoLine> Lines, bool UsesPoints, string Channel) : DemoAct(AtMs, Store);

/// <summary>Lines of an earlier sale come back; one line, or all when <paramref name="Line"/> is 0.</summary>
internal sealed record DemoReturn(long AtMs, int Store, DemoSale Sale, int Line) : DemoAct(AtMs, Store);

/// <summary>A member spends points on a gift.</summary>
internal sealed record DemoRedemption(long AtMs, int Store, string Key, DemoPerson Person, long Points, string Gift) : DemoAct(AtMs, Store);

/// <summary>
/// The plan of a generated chain: for each five minutes of each day what happens, a pure function of template, seed and sizes. Whoever
/// asks again gets the same acts with the same receipt numbers, so a demo that is started again continues instead of doubling.
/// </summary>
internal sealed class DemoPlan
{
    /// <summary>Slots of a day.</summary>
    public const int SlotsPerDay = 288;
    /// <summary>Length of a slot in milliseconds.</summary>
    public const long SlotMs = 300_000;
    private const long ReturnDelayMsMin = 15 * 60_000;
    private const int ReturnDelayMsSpread = 4 * 3_600_000;

    private readonly DemoTemplate _template;
    private readonly long _seed;
    private readonly int _salesPerDay;
    private readonly DemoPeople _people;
    private readonly DemoPerson[] _members;
    private readonly int[][] _byStore;
    private readonly int[][] _byCity;
    private readonly int[] _storeWeights;
    private readonly int[] _categoryWeights;
    private readonly int _hoursTotal;

    public DemoPlan(DemoTemplate template, long seed, int salesPerDay, int members)
    {
        (_template, _seed, _salesPerDay) = (template, seed, salesPerDay);
        Stores = DemoPlaces.Stores(template, seed);
        _people = new DemoPeople(template.Name, seed, Stores);
        _members = [.. Enumerable.Range(0, members).Select(_people.Member)];
        _storeWeights = [.. Stores.Select(s => s.Weight)];
        _categoryWeights = [.. template.Categories.Select(c => c.Weight)];
        _hoursTotal = template.Hours.Sum();
        _byStore = [.. Stores.Select(s => Indexes(m => m.HomeStore == s.Index))];
        _byCity = [.. Stores.Select(s => Indexes(m => Stores[m.HomeStore].City == s.City))];
    }

    /// <summary>The stores.</summary>
    public IReadOnlyList<DemoStore> Stores { get; }

    /// <summary>The members the chain begins with.</summary>
    public IReadOnlyList<DemoPerson> Members => _members;

    /// <summary>
    /// The purchase of an earlier day that gives a member a history (a balance, perhaps a tier); null for some.
    /// </summary>
    /// <param name="number">Number of the member.</param>
    /// <param name="firstDayMs">Midnight of the demo's first day.</param>
    public DemoSale? History(int number, long firstDayMs)
    {
        var random = DemoRandom.For(_seed, 'H', number);
        if (!random.PerMille(450)) return null;
        var person = _members[number];
        var daysBefore = 1 + random.Below(Math.Min(person.MemberDaysBefore, 170));
        var atMs = firstDayMs - (daysBefore * 86_400_000L) + ((10 + random.Below(10)) * 3_600_000L) + random.Below(3_600_000);
        var lines = Basket(ref random, person.IsFamily, fuller: 1 + random.Below(6));
        return new DemoSale(atMs, person.HomeStore, $"H{number:000000}", person, false, lines, false, "store");
    }

    /// <summary>What happens in one slot, in order of time. Returns of sales of earlier slots are not in it: see <see cref="ReturnOf"/>.</summary>
    /// <param name="day">Days since 1970 in the chain's time zone.</param>
    /// <param name="slot">0 to 287.</param>
    /// <param name="startMs">When the slot begins.</param>
    public IReadOnlyList<DemoAct> Slot(int day, int slot, long startMs)
    {
        var random = DemoRandom.For(_seed, 'S', day, slot);
        var count = random.Count(Expected(day, slot));
        var acts = new List<DemoAct>(count + 2);
        var joined = 0;
        for (var place = 0; place < count; place++)
        {
            var own = DemoRandom.For(_seed, 'A', day, slot, place);
            var sale = Sale(ref own, day, slot, place, ref joined, startMs + own.Below((int)SlotMs));
            acts.Add(sale);
            if (sale.Person is not null && !sale.Joins && own.PerMille(_template.RedeemPerMille))
            {
                var points = 100L * (1 + own.Below(5));
                acts.Add(new DemoRedemption(sale.AtMs + 20_000, sale.Store, $"G{sale.Receipt}", sale.Person, points,
                    _template.Gifts[own.Below(_template.Gifts.Count)]));
            }
        }
        acts.Sort((a, b) => a.AtMs.CompareTo(b.AtMs));
        return acts;
    }

    /// <summary>The return that a sale ends in; null for nearly all.</summary>
    public DemoReturn? ReturnOf(DemoSale sale)
    {
        if (sale.Person is null || sale.Receipt[0] == 'H') return null;
        var random = DemoRandom.For(_seed, 'R', sale.AtMs, sale.Store);
        if (!random.PerMille(_template.ReturnPerMille)) return null;
        var sameCity = Stores.Where(s => s.City == Stores[sale.Store].City).ToList();
        var store = random.PerMille(250) ? sameCity[random.Below(sameCity.Count)].Index : sale.Store;
        var line = sale.Lines.Count > 1 && random.PerMille(600) ? 1 + random.Below(sale.Lines.Count) : 0;
        return new DemoReturn(sale.AtMs + ReturnDelayMsMin + random.Below(ReturnDelayMsSpread), store, sale, line);
    }

    /// <summary>The customer shows a coupon, where one is in hand.</summary>
    public bool ShowsCoupon(DemoSale sale) => !sale.UsesPoints && sale.Receipt[0] != 'H' && DemoRandom.For(_seed, 'C', sale.AtMs, sale.Store).PerMille(400);

    private double Expected(int day, int slot)
    {
        // 1970-01-01 was a Thursday, and the list begins on Sunday.
        var weekday = _template.Weekdays[(int)((day + 4L) % 7)];
        var (hour, within) = (slot / 12, (slot % 12) / 12.0);
        var trade = (_template.Hours[hour] * (1 - within)) + (_template.Hours[(hour + 1) % 24] * within);
        return _salesPerDay * (weekday / 100.0) * (trade / _hoursTotal) / 12.0;
    }

    private DemoSale Sale(ref DemoRandom random, int day, int slot, int place, ref int joined, long atMs)
    {
        var store = random.Weighted(_storeWeights);
        var receipt = string.Create(CultureInfo.InvariantCulture, $"D{day}-{slot:000}-{place:000}");
        var joins = random.PerMille(_template.EnrolPerMille) && joined < HostLimits.DemoJoinsPerSlotMax;
        var person = joins ? _people.NewMember(day, slot, joined++, store) : random.Below(100) < _template.MemberPercent ? MemberAt(ref random, store) : null;
        var lines = Basket(ref random, person?.IsFamily == true, fuller: 1);
        var usesPoints = person is not null && !joins && random.Below(100) < _template.UsePointsPercent;
        var channel = random.Below(100) switch { < 78 => "store", < 92 => "mini-program", _ => "app" };
        return new DemoSale(atMs, store, receipt, person, joins, lines, usesPoints, channel);
    }

    // Most shop where they belong, some elsewhere in their city, a few while travelling; and some come far more often than others.
    private DemoPerson MemberAt(ref DemoRandom random, int store)
    {
        var from = random.Below(100) switch { < 84 => _byStore[store], < 96 => _byCity[store], _ => null };
        var skewed = random.Unit();
        skewed *= skewed;
        if (from is null || from.Length == 0) return _members[(int)(skewed * _members.Length)];
        return _members[from[(int)(skewed * from.Length)]];
    }

    private List<DemoLine> Basket(ref DemoRandom random, bool isFamily, int fuller)
    {
        var most = isFamily ? _template.LinesMax : Math.Max(1, _template.LinesMax - 2);
        var lines = new List<DemoLine>();
        for (var count = Math.Min(40, (1 + random.Below(most)) * fuller); count > 0; count--)
        {
            var category = _template.Categories[random.Weighted(_categoryWeights)];
            var product = category.Products[random.Below(category.Products.Count)];
            var pieces = random.PerMille(isFamily ? 320 : 120) ? 2 : 1;
            var price = product.PriceMinor * pieces;
            var discount = random.Below(10) switch { 0 => price / 10, 1 => price / 20, _ => 0 };
            lines.Add(new DemoLine(product.Id, category.Name, pieces, price, discount));
        }
        return lines;
    }

    private int[] Indexes(Func<DemoPerson, bool> isOne) => [.. Enumerable.Range(0, _members.Length).Where(i => isOne(_members[i]))];
}
