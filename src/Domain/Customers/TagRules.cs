using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>A tag that a customer carries.</summary>
/// <param name="Tag">Its id in the dictionary.</param>
/// <param name="Until">When it ends; null for never.</param>
public readonly record struct HeldTag(string Tag, Timestamp? Until)
{
    /// <summary>It has ended by a time.</summary>
    public bool IsOver(Timestamp at) => Until <= at;
}

/// <summary>Tags by hand (docs/domain/tags.md). An end needs no event: whoever asks looks at the time.</summary>
internal static class TagRules
{
    public static Decision<CustomerEvent> Decide(CustomerState state, AddTag add, Programme programme)
    {
        if (!programme.HasTag(add.Tag)) return CustomerRejections.TagUnknown.At("tag");
        if (Math.Abs((long)add.UtcOffsetMinutes) > Limits.UtcOffsetMinutesMax) return CustomerRejections.OffsetInvalid;
        var today = Earning.DayOf(add.At, add.UtcOffsetMinutes);
        if (add.LastDay is { } last && (last < today || (long)last.Number - today.Number > Limits.TagDaysMax)) return CustomerRejections.TagDayInvalid.At("lastDay");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        Timestamp? until = add.LastDay is { } day ? Earning.StartOf(new BusinessDay(day.Number + 1), add.UtcOffsetMinutes) : null;
        var others = 0;
        foreach (ref readonly var held in state.Tags)
        {
            if (held.Tag == add.Tag && held.Until == until) return Decision<CustomerEvent>.AlreadyDone;
            if (held.Tag != add.Tag && !held.IsOver(add.At)) others++;
        }

        if (others >= Limits.TagsPerCustomerMax) return CustomerRejections.TooManyTags.At("tag");
        return new TagAdded { At = add.At, Origin = add.Origin, Tag = add.Tag, Until = until };
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, RemoveTag remove)
    {
        if (!IdRules.IsWord(remove.Tag)) return CustomerRejections.TagUnknown.At("tag");
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        foreach (ref readonly var held in state.Tags)
        {
            if (held.Tag == remove.Tag && !held.IsOver(remove.At)) return new TagRemoved { At = remove.At, Origin = remove.Origin, Tag = remove.Tag };
        }

        return CustomerRejections.TagNotCarried.At("tag");
    }

    /// <summary>Those of a customer's tags that the rules ask for and that have not ended by the time of a sale.</summary>
    /// <remarks>As with the tier, what counts is what the customer carries when the sale is recorded: a late sale does not bring back a tag that was taken off.</remarks>
    public static IReadOnlyList<string> AskedOf(CustomerState state, Programme programme, Timestamp occurredAt)
    {
        if (programme.AskTags.Count == 0 || state.Tags.IsEmpty) return [];
        List<string>? asked = null;
        foreach (ref readonly var held in state.Tags)
        {
            if (!held.IsOver(occurredAt) && programme.AskTags.Contains(held.Tag)) (asked ??= []).Add(held.Tag);
        }

        return asked?.ToArray() ?? [];
    }

    /// <summary>The tags with one more, or with another end of one. Where there is no place, the one goes that ended first.</summary>
    public static HeldTag[] With(HeldTag[] tags, HeldTag added)
    {
        for (var i = 0; i < tags.Length; i++)
        {
            if (tags[i].Tag != added.Tag) continue;
            tags[i] = added;
            return tags;
        }

        if (tags.Length < Limits.TagsPerCustomerMax) return [.. tags, added];
        var first = 0;
        for (var i = 1; i < tags.Length; i++)
        {
            if (tags[i].Until is { } until && !(tags[first].Until <= until)) first = i;
        }

        return [.. tags[..first], .. tags[(first + 1)..], added];
    }
}
