using System.Collections.Concurrent;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Processes;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Operation;

namespace ChainCrm.Silo.Demo;

/// <summary>
/// Plays acts of the plan through the engine, as ordinary commands with ids that derive from the plan: whatever was played before is
/// answered as repeated and counts once.
/// </summary>
internal sealed class DemoTrader(
    string chain, DemoPlan plan, DemoTemplate template, long firstDayMs, IEngine engine, IEnrolment enrolment, IDirectories directories, ILogger logger)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentDictionary<string, bool> _enrolled = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, bool> _refusalsSaid = new();
    private long _sales;

    /// <summary>Sales played so far, repeated ones included.</summary>
    public long Sales => Interlocked.Read(ref _sales);

    /// <summary>Publishes the template's rules and opens the stores.</summary>
    public async Task OpenChainAsync(long nowMs, CancellationToken cancellation)
    {
        var at = new Timestamp(nowMs);
        await AskAsync("publish the programme", new GrainCommand(new GrainId(chain, GrainKinds.Programme, GrainKinds.ProgrammeKey), "hq/demo-programme", 0,
            new PublishProgramme { At = at, Origin = default, Document = template.Programme.GetRawText(), BasedOnVersion = 0, Note = "演示" }), cancellation);
        var last = 0L;
        foreach (var batch in plan.Stores.Chunk(25))
        {
            var replies = await Task.WhenAll(batch.Select(store => AskAsync("open a store", new GrainCommand(
                new GrainId(chain, GrainKinds.Store, store.Id), "hq/demo-open", 0, new OpenStore
                {
                    At = at, Origin = default, Store = new StoreId(store.Id), Name = store.Name, Region = store.Region, City = store.City,
                }), cancellation)));
            last = Math.Max(last, replies.Max(reply => reply.Entry?.Position ?? 0));
        }
        await directories.WaitForAsync(last, cancellation);
    }

    /// <summary>Plays one act.</summary>
    public Task PlayAsync(DemoAct act, CancellationToken cancellation) => act switch
    {
        DemoSale sale => SellAsync(sale, cancellation),
        DemoReturn back => TakeBackAsync(back, cancellation),
        DemoRedemption redemption => RedeemAsync(redemption, cancellation),
        _ => throw new InvalidOperationException($"Nothing plays {act.GetType().Name}."),
    };

    /// <summary>Makes sure that one of the first members is enrolled, with what the person bought before.</summary>
    public async Task EnsureMemberAsync(DemoPerson person, CancellationToken cancellation)
    {
        if (_enrolled.ContainsKey(person.CustomerId)) return;
        var known = await engine.ReadAsync<CustomerState, int, bool>(Grain(person), 0, static (state, _) => state.PurchaseCount > 0);
        if (!known.Value)
        {
            await EnrolAsync(person, firstDayMs - (person.MemberDaysBefore * 86_400_000L), cancellation);
            if (plan.History(int.Parse(person.Key.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture), firstDayMs) is { } history)
                await RecordAsync(history, person, default, cancellation);
        }
        _enrolled[person.CustomerId] = true;
    }

    private async Task SellAsync(DemoSale sale, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _sales);
        if (sale.Person is null)
        {
            await WalkInAsync(sale, cancellation);
            return;
        }
        if (sale.Joins) await EnrolAsync(sale.Person, sale.AtMs - 5_000, cancellation);
        else await EnsureMemberAsync(sale.Person, cancellation);
        await RecordAsync(sale, sale.Person, sale.UsesPoints ? await PointsToUseAsync(sale, sale.Person) : default, cancellation);
    }

    private async Task WalkInAsync(DemoSale sale, CancellationToken cancellation)
    {
        var store = StoreOf(sale.Store);
        var (day, _) = DayOf(sale.AtMs);
        await AskAsync("a walk-in", new GrainCommand(new GrainId(chain, GrainKinds.Store, store.Value), $"{store.Value}/{sale.Receipt}", 0, new RecordWalkIn
        {
            At = new Timestamp(sale.AtMs),
            Origin = TillOf(sale.Store, sale.AtMs),
            Receipt = sale.Receipt,
            OccurredAt = new Timestamp(sale.AtMs),
            BusinessDay = day,
            LineCount = sale.Lines.Count,
            Amount = AmountOf(sale),
        }), cancellation);
    }

    private async Task RecordAsync(DemoSale sale, DemoPerson person, Points usePoints, CancellationToken cancellation)
    {
        var store = StoreOf(sale.Store);
        var (day, offset) = DayOf(sale.AtMs);
        var coupon = plan.ShowsCoupon(sale) ? await CouponToUseAsync(person, sale.AtMs) : 0;
        await AskAsync("a purchase", new GrainCommand(Grain(person), $"{store.Value}/{sale.Receipt}", 0, new RecordPurchase
        {
            At = new Timestamp(sale.AtMs),
            Origin = TillOf(sale.Store, sale.AtMs),
            Store = store,
            Receipt = sale.Receipt,
            OccurredAt = new Timestamp(sale.AtMs),
            BusinessDay = day,
            UtcOffsetMinutes = offset,
            Channel = sale.Channel,
            UsePoints = usePoints,
            Coupons = coupon == 0 ? null : [coupon],
            SkipCoupons = true,
            Lines = [.. sale.Lines.Select((line, index) => new PurchaseLine
            {
                Line = index + 1,
                Product = new ProductId(line.Product),
                Category = line.Category,
                Quantity = new Quantity(line.Pieces * 1_000L),
                Price = new Money(line.PriceMinor),
                Discount = new Money(line.DiscountMinor),
            })],
        }), cancellation);
    }

    private async Task TakeBackAsync(DemoReturn back, CancellationToken cancellation)
    {
        if (back.Sale.Person is not { } person) return;
        var (day, _) = DayOf(back.AtMs);
        await AskAsync("a return", new GrainCommand(Grain(person), $"{StoreOf(back.Store).Value}/R{back.Sale.Receipt}", 0, new ReturnLines
        {
            At = new Timestamp(back.AtMs),
            Origin = TillOf(back.Store, back.AtMs),
            PurchaseStore = StoreOf(back.Sale.Store),
            PurchaseReceipt = back.Sale.Receipt,
            OccurredAt = new Timestamp(back.AtMs),
            BusinessDay = day,
            Lines = back.Line == 0 ? [] : [new ReturnLine(back.Line, new Quantity(back.Sale.Lines[back.Line - 1].Pieces * 1_000L))],
            Reason = "不合适",
        }), cancellation);
    }

    private async Task RedeemAsync(DemoRedemption redemption, CancellationToken cancellation)
    {
        var spendable = await SpendableAsync(redemption.Person, redemption.AtMs);
        if (spendable.Count < redemption.Points) return;
        await AskAsync("a redemption", new GrainCommand(Grain(redemption.Person), $"{StoreOf(redemption.Store).Value}/{redemption.Key}", 0, new RedeemPoints
        {
            At = new Timestamp(redemption.AtMs),
            Origin = TillOf(redemption.Store, redemption.AtMs),
            Points = new Points(redemption.Points),
            Reason = redemption.Gift,
        }), cancellation);
    }

    private async Task EnrolAsync(DemoPerson person, long atMs, CancellationToken cancellation)
    {
        var store = StoreOf(person.HomeStore);
        var order = new EnrolmentOrder(chain, new CustomerId(person.CustomerId), $"{store.Value}/demo-{person.Key}", 0, new Timestamp(atMs),
            TillOf(person.HomeStore, atMs), store,
            new PersonalData { Name = person.Name, Phone = person.Phone, Card = person.Card, Birthday = person.Birthday },
            [(IdentityKind.Phone, person.Phone), (IdentityKind.Card, person.Card)]);
        await RetryAsync("an enrolment", () => enrolment.EnrolAsync(order, cancellation), cancellation);
    }

    // Half of the receipt at most, in hundreds, as people do it.
    private async ValueTask<Points> PointsToUseAsync(DemoSale sale, DemoPerson person)
    {
        var value = directories.Current(chain).PointValue.Minor;
        if (value <= 0) return Points.Zero;
        var spendable = await SpendableAsync(person, sale.AtMs);
        return new Points(Math.Min(spendable.Count, AmountOf(sale).Minor / 2 / value) / 100 * 100);
    }

    // The one that ends first; 0 when none is in hand. What does not fit the basket is left alone.
    private async ValueTask<int> CouponToUseAsync(DemoPerson person, long atMs)
    {
        var reply = await engine.ReadAsync<CustomerState, long, int>(Grain(person), atMs, static (state, at) =>
        {
            foreach (ref readonly var coupon in state.Coupons)
            {
                if (coupon.From.UnixMs <= at && !(coupon.Until?.UnixMs <= at)) return coupon.Number;
            }

            return 0;
        });
        return reply.Value;
    }

    private async ValueTask<Points> SpendableAsync(DemoPerson person, long atMs)
    {
        var reply = await engine.ReadAsync<CustomerState, long, Points>(Grain(person), atMs, static (state, at) => state.SpendableAt(new Timestamp(at)));
        return reply.Value;
    }

    private Task<CommandReply> AskAsync(string step, GrainCommand command, CancellationToken cancellation) =>
        RetryAsync(step, () => engine.AskAsync(command), cancellation);

    private async Task<CommandReply> RetryAsync(string step, Func<ValueTask<CommandReply>> ask, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reply = await ask();
            if (reply.Rejection is not { } refusal) return reply;
            if (!refusal.MayPassLater || attempt == HostLimits.DemoAttemptsMax)
            {
                // Each number once: a demo whose rules were edited may refuse every tenth sale, and that is nothing to fill a log with.
                if (_refusalsSaid.TryAdd(refusal.Code, true)) Log.DemoRefused(logger, step, refusal.Code, refusal.Name);
                return reply;
            }
            await Task.Delay(FirstWait * (1 << attempt), cancellation);
        }
    }

    private (BusinessDay Day, int OffsetMinutes) DayOf(long atMs) => BusinessClock.At(directories.Current(chain), new Timestamp(atMs));

    private GrainId Grain(DemoPerson person) => new(chain, GrainKinds.Customer, person.CustomerId);

    private StoreId StoreOf(int index) => new(plan.Stores[index].Id);

    private Origin TillOf(int store, long atMs) => new(StoreOf(store), new StaffId($"E{(store * 4) + (atMs / 60_000 % 4):000}"), new TillId($"T{1 + (atMs / 1_000 % 2)}"));

    private static Money AmountOf(DemoSale sale) => new(sale.Lines.Sum(line => line.PriceMinor - line.DiscountMinor));
}
