using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.CouponCodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.Codecs;
using ChainCrm.Journal;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Codecs;

/// <summary>Names and shapes of events are the storage format.</summary>
public sealed class EventContractTests
{
    private const string CompactPurchase = "customer.purchase-recorded.2";

    public static TheoryData<string> Names() => [.. EventCatalog.All.Select(e => e.Name)];

    public static TheoryData<string> FormerNames() => [.. EventCatalog.Former.Select(e => e.Name)];

    [Fact]
    public void Every_event_of_the_domain_has_a_name()
    {
        Type[] families = [typeof(CustomerEvent), typeof(StoreEvent), typeof(IdentityEvent), typeof(ProgrammeEvent), typeof(AccessKeyEvent), typeof(CouponCodeEvent)];
        var wanted = typeof(Money).Assembly.GetTypes().Where(t => !t.IsAbstract && families.Any(f => f.IsAssignableFrom(t)));

        EventCatalog.All.Select(e => e.Type).ShouldBe(wanted, ignoreOrder: true);
        EventCatalog.All.Concat(EventCatalog.Former).Select(e => e.Name).ShouldBeUnique();
        EventCatalog.All.Concat(EventCatalog.Former).ShouldAllBe(e => e.Name.Length <= GrainLimits.EventNameLengthMax);
    }

    [Fact]
    public void The_shapes_of_events_are_those_of_the_contract()
    {
        var text = new StringBuilder();
        foreach (var (name, type) in EventCatalog.All.SelectMany(e => EventCatalog.Former.Where(former => former.Type == e.Type).Append(e)))
        {
            text.Append(name).Append('\n');
            Describe(type, 1, text);
        }
        ContractFile.ShouldHold("events.txt", text.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_full_event_is_written_as_its_golden_file(string name) =>
        ContractFile.ShouldHold(name + ".json", Write(SampleEvents.Full(TypeOf(name))) + "\n");

    [Theory]
    [MemberData(nameof(FormerNames))]
    public void A_form_no_longer_written_is_read_as_its_golden_file(string name)
    {
        var golden = ContractFile.Read(name + ".json").TrimEnd();

        var read = Decode(golden).Events.ShouldHaveSingleItem();

        read.ShouldBeOfType(EventCatalog.Former.Single(e => e.Name == name).Type);
        // A generated serializer wrote it, so that what it writes of the event now must be what stands there.
        golden.ShouldContain($"\"d\":{JsonSerializer.Serialize(read, EventJsonSettings.Shared.GetTypeInfo(read.GetType()))}}}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_read_back_is_the_event_written(string name)
    {
        foreach (var written in new[] { SampleEvents.Full(TypeOf(name)), SampleEvents.Sparse(TypeOf(name)), SampleEvents.Zero(TypeOf(name)) })
        {
            var read = Decode(Write(written)).Events.ShouldHaveSingleItem();
            read.GetType().ShouldBe(written.GetType());
            // A merge and a basket are values with a list inside, which the comparison can't look into; their text is compared below like all others. The lists of a
            // purchase come back as arrays, which the comparison takes for something else: CompactPurchaseTests compare it.
            if (read is not (LotsMerged or BasketsExpired or PurchaseRecorded))
                read.ShouldBeEquivalentTo(written);
            Write(read).ShouldBe(Write(written));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_required_member_that_is_missing_makes_the_entry_unreadable(string name)
    {
        var written = Write(SampleEvents.Sparse(TypeOf(name)));
        // The compact purchase leaves out the time that is the sale's own.
        var required = name == CompactPurchase ? "\"o\":" : "\"at\":";
        written.ShouldContain(required);
        Should.Throw<UnreadableEntryException>(() => Decode(written.Replace(required, "\"other\":", StringComparison.Ordinal)));
    }

    internal static string Write(params object[] events)
    {
        using var writer = new EntryWriter();
        var length = writer.Write(7, 0xABC, new WakeUp(true, 1_750_000_000_000), events);
        return Encoding.UTF8.GetString(writer.Slice(0, length).Span);
    }

    internal static CommittedEntry Decode(string payload) =>
        EntryCodec.Decode(new JournalEntry(11, "main/customer/c1", 3, "S1/R1", 1_700_000_000_000, Encoding.UTF8.GetBytes(payload)));

    private static Type TypeOf(string name) => EventCatalog.All.Single(e => e.Name == name).Type;

    private static void Describe(Type type, int depth, StringBuilder text)
    {
        foreach (var property in type.GetProperties().Where(p => p.CanWrite).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            var inner = Inner(property.PropertyType);
            text.Append(' ', depth * 2).Append(property.Name).Append(": ").Append(Text(property.PropertyType))
                .Append(property.GetCustomAttribute<RequiredMemberAttribute>() is null ? " optional" : " required").Append('\n');
            if (inner.Namespace!.StartsWith("ChainCrm", StringComparison.Ordinal) && !inner.IsEnum && inner.GetProperties().Count(p => p.CanWrite) > 1)
                Describe(inner, depth + 1, text);
        }
    }

    private static Type Inner(Type type) => type.IsGenericType ? Inner(type.GetGenericArguments()[0]) : type;

    private static string Text(Type type) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } inner => Text(inner) + "?",
        { IsGenericType: true } => $"list of {Text(type.GetGenericArguments()[0])}",
        { IsEnum: true } => $"{type.Name}({string.Join(", ", Enum.GetValues(type).Cast<object>().Select(v => $"{v} = {Convert.ToInt32(v, null)}"))})",
        _ => type.Name,
    };
}
