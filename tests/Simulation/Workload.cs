using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Grains.Runtime;
using ChainCrm.TestKit;

namespace ChainCrm.Simulation;

/// <summary>Random commands of a small chain: few grains, so that they meet each other all the time.</summary>
internal sealed class Workload(Random chance, TimeProvider time)
{
    private static readonly string[] Customers = ["c1", "c2", "c3", "c4", "c5"];
    private static readonly string[] Stores = ["S1", "S2"];
    private readonly List<(string Customer, string Store, string Receipt, int Lines)> _sold = [];
    private int _number;

    private Timestamp Now => new(time.GetUtcNow().ToUnixTimeMilliseconds());

    public static string AnyCustomer(Random chance) => Customers[chance.Next(Customers.Length)];

    /// <summary>What a chain begins with.</summary>
    public IEnumerable<GrainCommand> Opening()
    {
        foreach (var customer in Customers)
            yield return Shop.Of(Shop.Customer(customer), "enrol", Shop.Enrol(Now));
        foreach (var store in Stores)
            yield return Shop.Of(Shop.Store(store), "open", Shop.Open(store) with { At = Now });
    }

    /// <summary>One more command with an id of its own.</summary>
    public GrainCommand Next() => chance.Next(100) switch
    {
        < 45 => Purchase(),
        < 60 => Return(),
        < 70 => Points(new RedeemPoints { At = Now, Origin = Shop.Till, Points = new Points(chance.Next(1, 60)), Reason = "gift" }),
        < 78 => Points(new AdjustPoints { At = Now, Origin = Shop.Office, Points = new Points(chance.Next(2) == 0 ? chance.Next(1, 90) : -chance.Next(1, 90)), Reason = "goodwill" }),
        < 83 => Shop.Of(Shop.Customer(AnyCustomer(chance)), Id("wake"), new WakeGrain(Now)),
        < 92 => Identity(),
        _ => Shop.Of(Shop.Store(Stores[chance.Next(Stores.Length)]), Id("walk"), Shop.WalkIn($"W{_number}", chance.Next(1, 9_000), Now)),
    };

    private string Id(string what) => $"{what}-{++_number}";

    private GrainCommand Points(CustomerCommand command) =>
        Shop.Of(Shop.Customer(AnyCustomer(chance)), Id("points"), command, (ulong)chance.NextInt64(1, long.MaxValue));

    private GrainCommand Purchase()
    {
        var (customer, store) = (AnyCustomer(chance), Stores[chance.Next(4) == 0 ? 1 : 0]);
        var receipt = $"R{++_number}";
        var amounts = new long[chance.Next(1, 5)];
        for (var i = 0; i < amounts.Length; i++)
            amounts[i] = chance.Next(10) == 0 ? 0 : chance.Next(1, 40_00);
        // Some sales reach the server days late, so that lots of different ages stand side by side.
        var occurred = new Timestamp(Now.UnixMs - (chance.Next(4) == 0 ? chance.NextInt64(0, 300L * 86_400_000) : 0));
        var sale = Shop.Purchase(receipt, Now, amounts) with
        {
            Store = new StoreId(store),
            OccurredAt = occurred,
            BusinessDay = Shop.DayOf(occurred),
            UsePoints = new Points(chance.Next(5) == 0 ? chance.Next(1, 30) : 0),
        };
        _sold.Add((customer, store, receipt, amounts.Length));
        return Shop.Of(Shop.Customer(customer), $"{store}/{receipt}", sale, (ulong)chance.NextInt64(1, long.MaxValue));
    }

    private GrainCommand Return()
    {
        if (_sold.Count == 0)
            return Purchase();
        var (customer, store, receipt, count) = _sold[chance.Next(_sold.Count)];
        if (chance.Next(12) == 0)
            customer = AnyCustomer(chance);
        ReturnLine[] lines = chance.Next(3) == 0 ? [] : [new ReturnLine(chance.Next(1, count + 1), new Quantity(chance.Next(3) == 0 ? 1000 : chance.Next(1, 1000)))];
        var back = Shop.Return(receipt, Now, lines) with { PurchaseStore = new StoreId(store) };
        return Shop.Of(Shop.Customer(customer), Id("back"), back);
    }

    private GrainCommand Identity()
    {
        var identity = new GrainId(Shop.Chain, GrainKinds.Identity, $"1-{chance.Next(3)}");
        var customer = new CustomerId(AnyCustomer(chance));
        IdentityCommand command = chance.Next(4) switch
        {
            0 => new ConfirmIdentity { At = Now, Origin = Shop.Till, Customer = customer },
            1 => new ReleaseIdentity { At = Now, Origin = Shop.Till, Customer = customer },
            _ => new ReserveIdentity { At = Now, Origin = Shop.Till, Customer = customer, Until = new Timestamp(Now.UnixMs + 60_000) },
        };
        return Shop.Of(identity, Id("identity"), command);
    }
}
