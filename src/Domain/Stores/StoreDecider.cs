using System.Diagnostics;

namespace ChainCrm.Domain.Stores;

/// <summary>One store.</summary>
public sealed class StoreState
{
    public bool Exists { get; internal set; }
    public bool IsOpen { get; internal set; }
    public string Name { get; internal set; } = "";
    public string Region { get; internal set; } = "";
    public string City { get; internal set; } = "";
    public long WalkInCount { get; internal set; }
    public Money WalkInAmount { get; internal set; }

    /// <summary>When it closed; null while it is open.</summary>
    public Timestamp? ClosedAt { get; internal set; }

    /// <summary>The state as plain data, for a snapshot.</summary>
    public StoreStateData Export() => new(Exists, IsOpen, Name, Region, City, WalkInCount, WalkInAmount, ClosedAt);

    /// <summary>The state back from plain data.</summary>
    public static StoreState Import(StoreStateData data) => new()
    {
        Exists = data.Exists,
        IsOpen = data.IsOpen,
        Name = data.Name,
        Region = data.Region,
        City = data.City,
        WalkInCount = data.WalkInCount,
        WalkInAmount = data.WalkInAmount,
        ClosedAt = data.ClosedAt,
    };
}

/// <summary>A <see cref="StoreState"/> as plain data.</summary>
public sealed record StoreStateData(
    bool Exists, bool IsOpen, string Name, string Region, string City, long WalkInCount, Money WalkInAmount, Timestamp? ClosedAt);

/// <summary>The rules of one store.</summary>
public static class StoreDecider
{
    /// <summary>Decides one command.</summary>
    public static Decision<StoreEvent> Decide(StoreState state, StoreCommand command)
    {
        if (!IdRules.IsValid(command.Origin)) return StoreRejections.OriginInvalid;
        return command switch
        {
            OpenStore open => Open(state, open),
            ChangeStore change => Change(state, change),
            CloseStore close => Close(state, close),
            ReopenStore reopen => Reopen(state, reopen),
            RecordWalkIn sale => RecordWalkIn(state, sale),
            _ => throw new UnreachableException($"No rule decides {command.GetType().Name}."),
        };
    }

    /// <summary>Whether a store takes a sale that happened at a time: it is open, or it closed after the sale (a till sends late).</summary>
    /// <returns>Null when it does; otherwise why not.</returns>
    public static Rejection? TakesSale(StoreState state, Timestamp occurredAt)
    {
        if (!state.Exists) return StoreRejections.Unknown;
        return state.ClosedAt is { } closed && occurredAt >= closed ? StoreRejections.Closed : null;
    }

    /// <summary>Folds one event; changes and returns the same object.</summary>
    public static StoreState Evolve(StoreState state, StoreEvent happened)
    {
        switch (happened)
        {
            case StoreOpened e:
                (state.Exists, state.IsOpen) = (true, true);
                (state.Name, state.Region, state.City) = (e.Name, e.Region, e.City);
                return state;
            case StoreChanged e:
                (state.Name, state.Region, state.City) = (e.Name, e.Region, e.City);
                return state;
            case StoreClosed e:
                (state.IsOpen, state.ClosedAt) = (false, e.At);
                return state;
            case StoreReopened:
                (state.IsOpen, state.ClosedAt) = (true, null);
                return state;
            case WalkInRecorded e:
                state.WalkInCount++;
                state.WalkInAmount += e.Amount;
                return state;
            default:
                throw new UnreachableException($"Nothing folds {happened.GetType().Name}.");
        }
    }

    private static Decision<StoreEvent> Open(StoreState state, OpenStore open)
    {
        if (!IdRules.IsValid(open.Store)) return StoreRejections.IdInvalid.At("id");
        if (WrongText(open.Name, open.Region, open.City) is { } wrong) return wrong;
        if (state.Exists) return IsAs(state, open.Name, open.Region, open.City) ? Decision<StoreEvent>.AlreadyDone : StoreRejections.Exists.At("id");

        return new StoreOpened
        {
            At = open.At,
            Origin = open.Origin,
            Store = open.Store,
            Name = open.Name,
            Region = open.Region,
            City = open.City,
        };
    }

    private static Decision<StoreEvent> Change(StoreState state, ChangeStore change)
    {
        if (change.Name is not null && !TextRules.IsText(change.Name)) return StoreRejections.NameInvalid.At("name");
        if (change.Region is not null && !TextRules.IsText(change.Region)) return StoreRejections.RegionInvalid.At("region");
        if (change.City is not null && !TextRules.IsText(change.City)) return StoreRejections.CityInvalid.At("city");
        if (!state.Exists) return StoreRejections.Unknown;
        var (name, region, city) = (change.Name ?? state.Name, change.Region ?? state.Region, change.City ?? state.City);
        if (IsAs(state, name, region, city)) return Decision<StoreEvent>.AlreadyDone;

        return new StoreChanged { At = change.At, Origin = change.Origin, Name = name, Region = region, City = city };
    }

    private static Decision<StoreEvent> Close(StoreState state, CloseStore close)
    {
        if (!state.Exists) return StoreRejections.Unknown;
        if (!state.IsOpen) return Decision<StoreEvent>.AlreadyDone;
        return new StoreClosed { At = close.At, Origin = close.Origin };
    }

    private static Decision<StoreEvent> Reopen(StoreState state, ReopenStore reopen)
    {
        if (!state.Exists) return StoreRejections.Unknown;
        if (state.IsOpen) return Decision<StoreEvent>.AlreadyDone;
        return new StoreReopened { At = reopen.At, Origin = reopen.Origin };
    }

    private static Decision<StoreEvent> RecordWalkIn(StoreState state, RecordWalkIn sale)
    {
        if (!IdRules.IsReceipt(sale.Receipt)) return StoreRejections.ReceiptInvalid.At("receipt");
        if (!SaleTimes.IsNotAhead(sale.OccurredAt, sale.At)) return StoreRejections.SaleInFuture.At("occurredAt");
        if (!SaleTimes.Fits(sale.BusinessDay, sale.OccurredAt)) return StoreRejections.BusinessDayInvalid.At("occurredAt");
        if (sale.BusinessDay < Limits.EarliestDay) return StoreRejections.SaleTooEarly.At("occurredAt");
        if (sale.LineCount is < 1 or > Limits.ReceiptLinesMax) return StoreRejections.LineCountInvalid.At("lines");
        if (sale.Amount.Minor is < 0 or > Limits.AmountMinorMax) return StoreRejections.AmountInvalid.At("lines");
        if (TakesSale(state, sale.OccurredAt) is { } refused) return refused.At("store");

        return new WalkInRecorded
        {
            At = sale.At,
            Origin = sale.Origin,
            Receipt = sale.Receipt,
            OccurredAt = sale.OccurredAt,
            BusinessDay = sale.BusinessDay,
            LineCount = sale.LineCount,
            Amount = sale.Amount,
        };
    }

    private static Rejection? WrongText(string name, string region, string city)
    {
        if (!TextRules.IsText(name)) return StoreRejections.NameInvalid.At("name");
        if (!TextRules.IsText(region)) return StoreRejections.RegionInvalid.At("region");
        return TextRules.IsText(city) ? null : StoreRejections.CityInvalid.At("city");
    }

    private static bool IsAs(StoreState state, string name, string region, string city) =>
        state.Name == name && state.Region == region && state.City == city;
}
