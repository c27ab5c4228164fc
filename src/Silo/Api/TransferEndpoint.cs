using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;
using ChainCrm.Silo.Access;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>A customer gives points to another (docs/domain/transfers.md).</summary>
internal static class TransferEndpoint
{
    /// <summary>POST /v1/points/transfers.</summary>
    public static async ValueTask<ApiReply> SendAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.TransferRequest);
        if (request is null) return wrong!;
        var (key, missing) = IdempotencyKeys.Of(http.Request);
        if (key is null) return missing!;
        var (at, unknownStore) = Callers.OptionalStoreOf(api, caller, request.Store);
        if (unknownStore is not null) return unknownStore;
        var (origin, badStaff) = Callers.OriginOf(caller, at?.Id, request.Staff);
        if (badStaff is not null) return badStaff;
        if (InputRules.Text(request.Reason, "reason", Limits.TextLengthMax) is { } badReason) return badReason;
        var commandId = Callers.CommandId(caller, key);
        var (from, unknown) = await CustomerKeys.FindAsync(api, caller.Chain, request.From, "from", commandId);
        if (unknown is not null) return unknown;
        var (to, nobody) = await ReceiverAsync(api, caller.Chain, request.To, from, commandId);
        if (nobody is not null) return nobody;

        var writer = new FingerprintWriter(FingerprintKind.PointsTransfer);
        writer.Text(origin.Store?.Value);
        writer.Text(origin.Staff?.Value);
        writer.Text(to.Value);
        writer.Number(request.Points);
        writer.Text(request.Reason);
        var now = api.Now();
        var reply = await CounterAct.AskAsync(api, caller, from, key, writer.Finish(api.Vault), new TransferPoints
        {
            At = now, Origin = origin, From = from, To = to, Points = new Points(request.Points), Reason = request.Reason!,
            UtcOffsetMinutes = BusinessClock.At(api.Programme(caller.Chain), now).OffsetMinutes,
        });
        if (!reply.IsOk) return reply.Rejection!;
        // The giver's entry is the answer. Should the caller be gone by now, the points still arrive.
        await api.Deliveries.CarryThroughAsync(reply.Entry!, CancellationToken.None);
        var sent = EntryReplies.Expect<DeliverySent>(reply.Entry!);
        return ApiReply.Ok(new TransferReply(reply.Entry!.Grain.Key, sent.To.Value, sent.Points.Count, sent.Balance.Count, sent.Delivery, reply.Entry.Version), Wire.Json.TransferReply);
    }

    /// <summary>Who gets the points: there must be such a customer. Of a request that was recorded before it is whoever its entry names, though the identity may be nobody's now.</summary>
    private static async ValueTask<Outcome<CustomerId>> ReceiverAsync(ApiServices api, string chain, CustomerKey? key, CustomerId from, string commandId)
    {
        var (to, unknown) = await CustomerKeys.FindAsync(api, chain, key, "to");
        if (unknown is null)
        {
            var there = await api.Deliveries.IsThereAsync(chain, to);
            if (there.Rejection is { } unreadable) return unreadable;
            if (there.Value) return to;
            unknown = CustomerRejections.NotEnrolled.At("to");
        }

        try
        {
            var entry = await api.Journal.FindCommandAsync(new GrainId(chain, GrainKinds.Customer, from.Value).Stream, commandId);
            return entry is not null && EntryCodec.Decode(entry).Events.OfType<DeliverySent>().FirstOrDefault() is { } sent ? sent.To : unknown;
        }
        catch (JournalUnavailableException)
        {
            return EngineRejections.Unreadable;
        }
    }
}
