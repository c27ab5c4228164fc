using System.Text.Json;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.TestKit.Domain;

/// <summary>Makes a command at the moment of a story; null lets only time pass.</summary>
public delegate CustomerCommand? Act(CustomerStory story);

/// <summary>
/// One customer told as Given/When/Then. Runs the decider as the engine does: facts of returns come from the entries so far, events are
/// folded one by one and the entry is closed.
/// </summary>
public sealed class CustomerStory
{
    private readonly List<(string? CommandId, IReadOnlyList<CustomerEvent> Events, Programme Programme)> _entries = [];
    private CustomerStateData? _before;
    private long _afterNoonMs;

    private CustomerStory(Programme programme) => Programme = programme;

    /// <summary>The rules; a story may change them on the way.</summary>
    public Programme Programme { get; set; }
    public CustomerState State { get; private set; } = new();
    /// <summary>Noon of the story's day, Beijing time, and what has passed since.</summary>
    public Timestamp Now => new(TimeOf(Today).UnixMs + _afterNoonMs);
    public BusinessDay Today
    {
        get;
        set => (field, _afterNoonMs) = (value, 0);
    }
    = BusinessDay.From(new DateOnly(2024, 1, 1));
    public Decision<CustomerEvent> Last { get; private set; }
    public IReadOnlyList<IReadOnlyList<CustomerEvent>> Entries => [.. _entries.Select(entry => entry.Events)];
    public IEnumerable<CustomerEvent> Events => _entries.SelectMany(entry => entry.Events);

    /// <summary>Minutes that the story's local time is ahead of UTC.</summary>
    public const int UtcOffsetMinutes = 480;

    /// <summary>Noon of a day, Beijing time.</summary>
    public static Timestamp TimeOf(BusinessDay day) => new((day.Number * 86_400_000L) + (12 * 3_600_000L) - (UtcOffsetMinutes * 60_000L));

    /// <summary>Some of the afternoon passes.</summary>
    public void Pass(long milliseconds) => _afterNoonMs += milliseconds;

    /// <summary>A member of store S1 under a programme to whom these things have happened.</summary>
    public static CustomerStory Given(Programme programme, params Act[] acts) => Stranger(programme).And([CustomerActs.Enrol(), .. acts]);

    /// <summary>A member under the plain programme.</summary>
    public static CustomerStory Given(params Act[] acts) => Given(DomainProgrammes.Plain, acts);

    /// <summary>Nobody yet.</summary>
    public static CustomerStory Stranger(Programme? programme = null) => new(programme ?? DomainProgrammes.Plain);

    /// <summary>The member has this tier, whatever it was reached by.</summary>
    public CustomerStory InTier(string tier)
    {
        State = CustomerState.Import(State.Export() with { Tier = new TierId(tier) });
        return this;
    }

    /// <summary>Goes on; each act must be accepted.</summary>
    public CustomerStory And(params Act[] acts)
    {
        foreach (var act in acts)
        {
            When(act);
            if (Last.Rejection is { } refused) throw new InvalidOperationException($"A given act was refused: {refused.Name} at {refused.Field}.");
        }

        return this;
    }

    /// <summary>Tries one act; refusals are kept in <see cref="Last"/>.</summary>
    public CustomerStory When(Act act)
    {
        Last = default;
        if (act(this) is { } command) Run(command);
        return this;
    }

    /// <summary>The act was refused with this number, and changed nothing.</summary>
    public CustomerStory ThenRejected(Rejection expected, string? field = null)
    {
        if (Last.Rejection is not { } refused) throw new InvalidOperationException($"Expected {expected.Name}, but the command was accepted.");
        if (refused.Code != expected.Code) throw new InvalidOperationException($"Expected {expected.Name}, but got {refused.Name} at {refused.Field}.");
        if (field is not null && refused.Field != field) throw new InvalidOperationException($"Expected the field {field}, but got {refused.Field}.");
        if (Last.Events.Count != 0 || JsonSerializer.Serialize(State.Export()) != JsonSerializer.Serialize(_before)) throw new InvalidOperationException("A refused command changed the state.");
        return this;
    }

    /// <summary>The one event of this type in the last decision.</summary>
    public TEvent Then<TEvent>()
        where TEvent : CustomerEvent
    {
        if (Last.Rejection is { } refused) throw new InvalidOperationException($"Expected {typeof(TEvent).Name}, but got {refused.Name} at {refused.Field}.");
        return Last.Events.OfType<TEvent>().SingleOrDefault()
            ?? throw new InvalidOperationException($"Expected {typeof(TEvent).Name}, but got {string.Join(", ", Last.Events.Select(e => e.GetType().Name))}.");
    }

    /// <summary>The state as text, for comparisons.</summary>
    public static string Print(CustomerState state) => JsonSerializer.Serialize(state.Export());

    /// <summary>The same but for baskets, and for versions, which entries of baskets move.</summary>
    public static string PrintWithoutBaskets(CustomerState state)
    {
        var data = state.Export();
        return JsonSerializer.Serialize(data with { Version = 0, Baskets = [], Returned = [.. data.Returned.Select(static back => back with { Version = 0 })] });
    }

    private void Run(CustomerCommand command)
    {
        _before = State.Export();
        if (command is ReturnLines back) command = WithFacts(back);
        if (command is TakeDelivery { Kind: DeliveryKinds.ReferralBack } take)
            command = take with { Received = Events.OfType<DeliveryReceived>().FirstOrDefault(e => e.From == take.From && e.Delivery == take.Of) };
        Last = CustomerDecider.Decide(State, command, Programme);
        if (Last.Events.Count == 0) return;
        foreach (var happened in Last.Events) State = CustomerDecider.Evolve(State, happened);
        State.EntryFolded();
        _entries.Add((command is RecordPurchase p ? CustomerDecider.PurchaseCommandId(p.Store, p.Receipt) : null, Last.Events, Programme));
    }

    private ReturnLines WithFacts(ReturnLines back)
    {
        var (commandId, version) = CustomerDecider.FactsFor(State, back);
        var sold = _entries.Find(entry => entry.CommandId == commandId);
        var purchase = sold.Events?.OfType<PurchaseRecorded>().Single();
        var last = version is { } v ? _entries[checked((int)v - 1)].Events.OfType<LinesReturned>().Single() : null;
        return back with { Purchase = purchase, LastReturn = last, PurchaseProgramme = sold.Programme, PurchaseCoupons = sold.Events?.OfType<CouponsIssued>().SingleOrDefault() };
    }
}
