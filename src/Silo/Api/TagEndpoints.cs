using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Silo.Access;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Tags by hand: put on and taken off (docs/domain/tags.md). For headquarters alone: what a purchase earns may depend on them.</summary>
internal static class TagEndpoints
{
    /// <summary>POST /v1/customers/{id}/tags.</summary>
    public static async ValueTask<ApiReply> AddAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (customer, badId) = Routes.Customer(http);
        if (badId is not null) return badId;
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.AddTagRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(api, http, caller, new CustomerKey { Id = customer.Value }, null, request.Staff, Wrong(request));
        if (asked is null) return refused!;
        var lastDay = DayOf(request.LastDay);
        var writer = new FingerprintWriter(FingerprintKind.TagAddition);
        writer.Text(asked.Origin.Staff?.Value);
        writer.Text(request.Tag);
        writer.Optional(lastDay?.Number);
        var reply = await asked.AskAsync(api, caller, writer.Finish(api.Vault), new AddTag
        {
            At = asked.At, Origin = asked.Origin, Tag = request.Tag!, LastDay = lastDay, UtcOffsetMinutes = BusinessClock.At(api.Programme(caller.Chain), asked.At).OffsetMinutes,
        });
        return reply.IsOk ? ApiReply.Ok(new TagReply(customer.Value, request.Tag!, reply.Entry?.Version ?? 0), Wire.Json.TagReply) : reply.Rejection!;
    }

    /// <summary>POST /v1/customers/{id}/tags/removals.</summary>
    public static async ValueTask<ApiReply> RemoveAsync(ApiServices api, HttpContext http, Caller caller)
    {
        var (customer, badId) = Routes.Customer(http);
        if (badId is not null) return badId;
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.RemoveTagRequest);
        if (request is null) return wrong!;
        var (asked, refused) = await CounterAct.ReadAsync(
            api, http, caller, new CustomerKey { Id = customer.Value }, null, request.Staff, InputRules.Text(request.Tag, "tag", Limits.RuleIdLengthMax));
        if (asked is null) return refused!;
        var writer = new FingerprintWriter(FingerprintKind.TagRemoval);
        writer.Text(asked.Origin.Staff?.Value);
        writer.Text(request.Tag);
        var reply = await asked.AskAsync(api, caller, writer.Finish(api.Vault), new RemoveTag { At = asked.At, Origin = asked.Origin, Tag = request.Tag! });
        return reply.IsOk ? ApiReply.Ok(new TagReply(customer.Value, request.Tag!, reply.Entry!.Version), Wire.Json.TagReply) : reply.Rejection!;
    }

    /// <summary>Tags as they are shown.</summary>
    public static IReadOnlyList<TagView> ViewsOf(Programme programme, IEnumerable<HeldTag> held) =>
        [.. held.Select(tag => new TagView(tag.Tag, NameOf(programme, tag.Tag), tag.Until is { } until ? MemberCards.TimeOf(until) : null))];

    /// <summary>The names of a tag in a programme version; its id twice when the version has none.</summary>
    public static LocalName NameOf(Programme programme, string id) => programme.TagOf(id) is { } tag ? new LocalName(tag.NameZh, tag.NameEn) : new LocalName(id, id);

    private static Rejection? Wrong(AddTagRequest request) =>
        InputRules.Text(request.Tag, "tag", Limits.RuleIdLengthMax)
        ?? (request.LastDay is not null && DayOf(request.LastDay) is null ? CustomerRejections.TagDayInvalid.At("lastDay") : null);

    private static BusinessDay? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? BusinessDay.From(day) : null;
}
