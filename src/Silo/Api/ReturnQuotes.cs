using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Definitions;
using ChainCrm.Journal;
using ChainCrm.Silo.Why;

namespace ChainCrm.Silo.Api;

/// <summary>
/// What a return would come to on a customer as it stands: decided by the decider in the customer's own turn, on the same facts as the return itself, and
/// folded nowhere.
/// </summary>
internal static class ReturnQuotes
{
    private static readonly CustomerDefinition Definition = new();

    /// <summary>The reply, or the refusal that the return would get.</summary>
    public static async ValueTask<ApiReply> OfAsync(ApiServices api, string chain, CustomerId customer, ReturnLines back)
    {
        var grain = new GrainId(chain, GrainKinds.Customer, customer.Value);
        var programme = api.Programme(chain);
        // Between looking for the facts and deciding on them goods of the same receipt may come back elsewhere: then they are looked for again.
        for (var attempt = 0; attempt < ApiLimits.ReturnQuoteAttemptsMax; attempt++)
        {
            var (facts, unreadable) = await FactsAsync(api, chain, grain, back);
            if (facts is null) return unreadable!;
            var read = await api.Engine.ReadAsync<CustomerState, (Facts Facts, Programme Programme), Answer>(grain, (facts, programme), static (state, asked) => AnswerOf(state, asked.Facts, asked.Programme));
            if (read.Rejection is not null) return read.Rejection;
            if (read.Value!.Decision is not { } decision) continue;
            if (decision.Rejection is { } refused) return refused;
            // The entry that would be written, so that the answer is made by the same code as that of the return.
            var entry = new CommittedEntry(0, grain, read.Value.Version, "quote", back.At.UnixMs, programme.Version, 0, default, [.. decision.Events]);
            return ApiReply.Ok(ReplyOf(EntryReplies.Return(api, chain, entry), EntryReasons.Of(api, chain, entry, programme).Reasons, programme), Wire.Json.ReturnQuoteReply);
        }

        return EngineRejections.Busy;
    }

    private static Answer AnswerOf(CustomerState state, Facts facts, Programme programme) =>
        state.LastReturnOf(facts.Command.PurchaseStore, facts.Command.PurchaseReceipt) == facts.LastReturn
            ? new Answer(CustomerDecider.Decide(state, facts.Command, programme), state.Version)
            : new Answer(null, state.Version);

    /// <summary>The return with the purchase's own entry, the programme version that decided it, and the entry of its last return.</summary>
    private static async ValueTask<Outcome<Facts>> FactsAsync(ApiServices api, string chain, GrainId grain, ReturnLines back)
    {
        var read = await api.Engine.ReadAsync<CustomerState, ReturnLines, Needed>(grain, back, static (state, asked) =>
        {
            var (commandId, version) = CustomerDecider.FactsFor(state, asked);
            return new Needed(commandId, version);
        });
        if (read.Rejection is not null) return read.Rejection;
        var needed = read.Value!;
        try
        {
            var purchase = await api.Journal.FindCommandAsync(grain.Stream, needed.CommandId) is { } sold ? EntryCodec.Decode(sold) : null;
            var last = needed.LastReturn is { } version && await api.Journal.ReadStreamBackwardAsync(grain.Stream, version + 1, 1) is [var written] ? EntryCodec.Decode(written) : null;
            var decidedBy = purchase is null ? null : api.ProgrammeOf(chain, purchase.ProgrammeVersion);
            return new Facts((ReturnLines)Definition.WithFacts(Definition.Create(), back, purchase, last, decidedBy), needed.LastReturn);
        }
        catch (JournalUnavailableException)
        {
            return EngineRejections.Unreadable;
        }
    }

    private static ReturnQuoteReply ReplyOf(ReturnReply reply, IReadOnlyList<WhyReason> reasons, Programme programme) => new()
    {
        Customer = reply.Customer,
        PurchaseStore = reply.PurchaseStore,
        PurchaseReceipt = reply.PurchaseReceipt,
        AmountMinor = reply.AmountMinor,
        PayBackMinor = reply.PayBackMinor,
        PointsTakenBack = reply.PointsTakenBack,
        PointsGivenBack = reply.PointsGivenBack,
        StoredValue = reply.StoredValue,
        Balance = reply.Balance,
        Tier = reply.Tier,
        TierChanged = reply.TierChanged,
        Coupons = reply.Coupons,
        Reasons = reasons,
        ProgrammeVersion = programme.Version,
        Version = reply.Version,
    };

    private sealed record Needed(string CommandId, long? LastReturn);

    private sealed record Facts(ReturnLines Command, long? LastReturn);

    /// <param name="Decision">Null when the facts are no longer those of the state.</param>
    /// <param name="Version">Of the state that was asked.</param>
    private sealed record Answer(Decision<CustomerEvent>? Decision, long Version);
}
