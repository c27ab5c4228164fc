using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;

namespace ChainCrm.Grains.Processes;

/// <summary>What the enrolment process is asked; values normalised, checked.</summary>
public sealed record EnrolmentOrder(
    string Chain, CustomerId Customer, string CommandId, ulong Fingerprint, Timestamp At, Origin Origin, StoreId HomeStore,
    PersonalData Personal, IReadOnlyList<(IdentityKind Kind, string Value)> Identities)
{
    /// <summary>Local time less UTC, for coupons that new members get; minutes.</summary>
    public int UtcOffsetMinutes { get; init; }

    /// <summary>The member who recommended the chain; null when nobody did.</summary>
    public CustomerId? ReferredBy { get; init; }
}

/// <summary>
/// Enrolment and profile change across grains: reserve the identities, decide at the customer, confirm (or release). Every step's command
/// id derives from the order, so a retry goes on where a crash stopped; reservations left open end by the agenda (see IdentityWatch).
/// </summary>
public interface IEnrolment
{
    /// <summary>Enrols. Refused with <c>identity.taken</c> when another customer has one of the identities.</summary>
    ValueTask<CommandReply> EnrolAsync(EnrolmentOrder order, CancellationToken cancellation = default);

    /// <summary>Changes profile and identities of an enrolled customer: the order carries the whole new value.</summary>
    ValueTask<CommandReply> ChangeProfileAsync(EnrolmentOrder order, CancellationToken cancellation = default);

    /// <summary>
    /// The same where the new value is made of the old: <paramref name="change"/> is called in the customer's turn with what the customer has, so
    /// that two changes of different fields at the same time both stay. For a customer who is not enrolled it gets an empty profile.
    /// </summary>
    ValueTask<CommandReply> ChangeProfileAsync(
        string chain, CustomerId customer, Func<CurrentProfile, EnrolmentOrder> change, CancellationToken cancellation = default);
}

/// <summary>What a customer's profile is when a change's turn has come.</summary>
public sealed record CurrentProfile(PersonalData Personal, StoreId HomeStore);
