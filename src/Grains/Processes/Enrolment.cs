using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;

namespace ChainCrm.Grains.Processes;

/// <summary>
/// Enrolment and profile change: reserve what is new, let the customer decide, confirm what is new, release what was given up. The customer's
/// own entry is the moment of truth: before it everything can be taken back, after it everything is carried through, by a retry or by the agenda.
/// </summary>
internal sealed class Enrolment(IEngine engine, IJournal journal, IPersonalVault vault, IdentitySteps steps, CustomerLocks locks) : IEnrolment
{
    private const string EnrolProcess = "enrol";
    private const string ProfileProcess = "profile";

    public async ValueTask<CommandReply> EnrolAsync(EnrolmentOrder order, CancellationToken cancellation = default)
    {
        using var turn = await locks.EnterAsync(order.Chain, order.Customer.Value, cancellation);
        var customer = await steps.CustomerAsync(order.Chain, order.Customer);
        if (customer.Rejection is { } unreadable) return Refused(unreadable);
        var identities = Identities(order);
        if (customer.Value!.IsEnrolled)
        {
            // A repeated order, or another order for a customer who is enrolled: the customer's own answer is the right one for both.
            var repeated = await DecideEnrolAsync(order, identities, Unsealed);
            return repeated.Kind == ReplyKind.Repeated ? await CarryThroughAsync(order, repeated, EnrolProcess, cancellation) : repeated;
        }

        return await ReserveDecideConfirmAsync(order, identities, EnrolProcess, DecideEnrolAsync, cancellation);
    }

    public ValueTask<CommandReply> ChangeProfileAsync(EnrolmentOrder order, CancellationToken cancellation = default) =>
        ChangeProfileAsync(order.Chain, order.Customer, _ => order, cancellation);

    public async ValueTask<CommandReply> ChangeProfileAsync(
        string chain, CustomerId id, Func<CurrentProfile, EnrolmentOrder> change, CancellationToken cancellation = default)
    {
        using var turn = await locks.EnterAsync(chain, id.Value, cancellation);
        var customer = await steps.CustomerAsync(chain, id);
        if (customer.Rejection is { } unreadable) return Refused(unreadable);
        var current = await OpenAsync(chain, id, customer.Value!, cancellation);
        if (current is null) return Refused(EngineRejections.Unreadable);
        var order = change(current);
        var identities = Identities(order);
        // A repeated order must not reserve again what a later change gave up, so the journal is asked first. Changes are rare enough for that.
        var wasRecorded = await WasRecordedAsync(order, cancellation);
        if (wasRecorded is null) return Refused(EngineRejections.Unreadable);
        if (!customer.Value!.IsEnrolled || wasRecorded.Value)
        {
            var answered = await DecideProfileAsync(order, identities, Unsealed);
            return answered.Kind == ReplyKind.Repeated ? await CarryThroughAsync(order, answered, ProfileProcess, cancellation) : answered;
        }

        var added = identities.Except(customer.Value.Identities).ToList();
        return await ReserveDecideConfirmAsync(order, identities, ProfileProcess, DecideProfileAsync, cancellation, added);
    }

    private async ValueTask<CommandReply> ReserveDecideConfirmAsync(
        EnrolmentOrder order, List<IdentityRef> identities, string process, Func<EnrolmentOrder, List<IdentityRef>, Sealed, ValueTask<CommandReply>> decide,
        CancellationToken cancellation, List<IdentityRef>? toReserve = null)
    {
        var reserved = new List<IdentityRef>();
        foreach (var identity in toReserve ?? identities)
        {
            if (await steps.ReserveAsync(order, identity, process, cancellation) is not { } refusal)
            {
                reserved.Add(identity);
                continue;
            }

            // When it may pass later, the same order comes again and goes on here; when it never comes, the agenda gives up what is reserved.
            if (!IsOfEngine(refusal)) await ReleaseAllAsync(order, reserved, process);
            return Refused(refusal);
        }

        var profile = await SealAsync(order, cancellation);
        if (profile.Rejection is { } unsealed) return Refused(unsealed);
        var reply = await decide(order, identities, profile.Value!);
        if (reply.IsOk) return await CarryThroughAsync(order, reply, process, cancellation);
        if (!IsOfEngine(reply.Rejection!)) await ReleaseAllAsync(order, reserved, process);
        return reply;
    }

    /// <summary>After the customer's entry: confirms what the customer has, releases what the customer has given up. The answer is the customer's, once all is done.</summary>
    private async ValueTask<CommandReply> CarryThroughAsync(EnrolmentOrder order, CommandReply decided, string process, CancellationToken cancellation)
    {
        // A repeated order may be old: what counts is what the customer has now.
        var customer = await steps.CustomerAsync(order.Chain, order.Customer);
        if (customer.Rejection is { } unreadable) return Refused(unreadable);
        var (wanted, released) = Outcome(decided);
        foreach (var identity in wanted.Where(customer.Value!.Identities.Contains))
        {
            if (await ConfirmAsync(order, identity, process, cancellation) is { } refusal) return Refused(refusal);
        }

        foreach (var identity in released.Where(identity => !customer.Value.Identities.Contains(identity)))
        {
            if (await steps.ReleaseAsync(order, identity, process) is { } refusal) return Refused(refusal);
        }

        return decided;
    }

    private async ValueTask<Rejection?> ConfirmAsync(EnrolmentOrder order, IdentityRef identity, string process, CancellationToken cancellation)
    {
        var refusal = await steps.ConfirmAsync(order, identity, process);
        if (refusal?.Code != IdentityRejections.NotReserved.Code) return refusal;
        // The reservation ran out between the two grains. The customer has the identity in its own books, so it is reserved once more.
        return await steps.ReserveAsync(order, identity, process, cancellation) ?? await steps.ConfirmAsync(order, identity, process);
    }

    private static (IReadOnlyList<IdentityRef> Wanted, IReadOnlyList<IdentityRef> Released) Outcome(CommandReply decided)
    {
        foreach (var happened in decided.Entry?.Events ?? [])
        {
            if (happened is CustomerEnrolled enrolled) return (enrolled.Identities, []);
            if (happened is ProfileChanged changed) return (changed.Identities, changed.Released);
        }

        return ([], []);
    }

    private async ValueTask ReleaseAllAsync(EnrolmentOrder order, List<IdentityRef> reserved, string process)
    {
        // Whatever can't be released now is released by the agenda when its time is over.
        foreach (var identity in reserved) await steps.ReleaseAsync(order, identity, process);
    }

    private ValueTask<CommandReply> DecideEnrolAsync(EnrolmentOrder order, List<IdentityRef> identities, Sealed profile) =>
        engine.AskAsync(new GrainCommand(GrainOf(order), order.CommandId, order.Fingerprint,
            new Enrol { At = order.At, Origin = order.Origin, HomeStore = order.HomeStore, Profile = profile, Identities = identities, ReferredBy = order.ReferredBy, UtcOffsetMinutes = order.UtcOffsetMinutes }));

    private ValueTask<CommandReply> DecideProfileAsync(EnrolmentOrder order, List<IdentityRef> identities, Sealed profile) =>
        engine.AskAsync(new GrainCommand(GrainOf(order), order.CommandId, order.Fingerprint,
            new ChangeProfile { At = order.At, Origin = order.Origin, HomeStore = order.HomeStore, Profile = profile, Identities = identities }));

    /// <summary>Whether the order's command is in the journal; null when the journal can't say.</summary>
    private async ValueTask<bool?> WasRecordedAsync(EnrolmentOrder order, CancellationToken cancellation)
    {
        try
        {
            return await journal.FindCommandAsync(GrainOf(order).Stream, order.CommandId, cancellation) is not null;
        }
        catch (JournalUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The profile as the customer has it; null when the vault can't say now.</summary>
    private async ValueTask<CurrentProfile?> OpenAsync(string chain, CustomerId id, CustomerFacts customer, CancellationToken cancellation)
    {
        try
        {
            var personal = customer.Profile is { } profile ? await vault.OpenAsync(chain, id, profile, cancellation) : null;
            return new CurrentProfile(personal ?? new PersonalData(), customer.HomeStore);
        }
        catch (VaultUnavailableException)
        {
            return null;
        }
    }

    private async ValueTask<(Sealed? Value, Rejection? Rejection)> SealAsync(EnrolmentOrder order, CancellationToken cancellation)
    {
        try
        {
            return (await vault.SealAsync(order.Chain, order.Customer, order.Personal, cancellation), null);
        }
        catch (VaultUnavailableException unavailable)
        {
            return (null, unavailable.DiskFull ? EngineRejections.DiskFull : EngineRejections.CommitFailed);
        }
    }

    /// <summary>In one order for all: two orders that want the same identities meet at the first of them, and one of the two has it all.</summary>
    private List<IdentityRef> Identities(EnrolmentOrder order) =>
    [
        .. order.Identities.Select(identity => vault.Index(order.Chain, identity.Kind, identity.Value)).Distinct()
            .OrderBy(identity => identity.Kind).ThenBy(identity => identity.Index, StringComparer.Ordinal),
    ];

    private static GrainId GrainOf(EnrolmentOrder order) => new(order.Chain, GrainKinds.Customer, order.Customer.Value);

    /// <summary>For an order that will not be recorded again: nothing is sealed for it.</summary>
    private static Sealed Unsealed { get; } = new([]);

    /// <summary>The engine could not say yes or no: whether the step was taken is open, so nothing is taken back.</summary>
    private static bool IsOfEngine(Rejection rejection) => rejection is { MayPassLater: true, Code: >= 900 and <= 999 };

    private static CommandReply Refused(Rejection rejection) => new(ReplyKind.Refused, null, rejection);
}
