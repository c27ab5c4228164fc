namespace ChainCrm.Domain.Programmes;

/// <summary>What of a card pays first.</summary>
public enum SpendOrder
{
    Proportional,
    PrincipalFirst,
    GiftFirst,
}

/// <summary>A top-up of at least so much gets a gift.</summary>
public readonly record struct TopUpGift(Money AtLeast, Money Gift);

/// <summary>The rules of stored value (docs/domain/stored-value.md).</summary>
/// <param name="Offered">Members may top up.</param>
/// <param name="Spend">What pays first.</param>
/// <param name="GiftEarns">What the gift pays for earns points.</param>
/// <param name="BalanceMax">Most that a card holds after a top-up; null: no limit.</param>
/// <param name="Refunds">Principal may be paid out.</param>
/// <param name="Gifts">Ascending.</param>
public sealed record StoredValueTerms(bool Offered, SpendOrder Spend, bool GiftEarns, Money? BalanceMax, bool Refunds, IReadOnlyList<TopUpGift> Gifts)
{
    /// <summary>A programme without the section: nobody tops up; what is there is spent and refunded.</summary>
    public static StoredValueTerms None { get; } = new(false, SpendOrder.Proportional, false, null, true, []);

    /// <summary>The gift of a top-up: that of the highest step it reaches.</summary>
    public Money GiftFor(Money amount)
    {
        var gift = Money.Zero;
        for (var i = 0; i < Gifts.Count && amount >= Gifts[i].AtLeast; i++) gift = Gifts[i].Gift;
        return gift;
    }

    internal static StoredValueTerms Read(ProgrammeDocument section)
    {
        var spend = section.Choice("spend", "proportional", "principalFirst", "giftFirst");
        var terms = new StoredValueTerms(
            true,
            spend switch { "principalFirst" => SpendOrder.PrincipalFirst, "giftFirst" => SpendOrder.GiftFirst, _ => SpendOrder.Proportional },
            section.Flag("giftEarns", false),
            section.NumberOrNull("balanceMaxMinor", 1, Limits.AmountMinorMax, null) is { } max ? new Money(max) : null,
            section.Flag("refunds", true),
            ReadGifts(section));
        section.End();
        return terms;
    }

    private static TopUpGift[] ReadGifts(ProgrammeDocument section)
    {
        if (!section.Has("topUps")) return [];
        var steps = section.List("topUps", 0, Limits.TopUpGiftsMax, ProgrammeRejections.ListLengthInvalid) ?? [];
        var gifts = new TopUpGift[steps.Count];
        for (var i = 0; i < gifts.Length; i++)
        {
            gifts[i] = new TopUpGift(
                new Money(steps[i].Number("atLeastMinor", 1, Limits.AmountMinorMax, null)), new Money(steps[i].Number("giftMinor", 1, Limits.AmountMinorMax, null)));
            steps[i].End();
            if (i > 0 && gifts[i].AtLeast <= gifts[i - 1].AtLeast) steps[i].Refuse(ProgrammeRejections.TopUpsNotAscending, "atLeastMinor");
        }

        return gifts;
    }
}
