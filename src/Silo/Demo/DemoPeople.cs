using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Silo.Demo;

/// <summary>A generated person.</summary>
internal sealed record DemoPerson
{
    /// <summary>What makes the person unique within the demo: its number, or the day and place in the plan of a new member.</summary>
    public required string Key { get; init; }
    public required string Name { get; init; }
    /// <summary>E.164, in the range 154 that is assigned to nobody.</summary>
    public required string Phone { get; init; }
    public required string Card { get; init; }
    public required string Birthday { get; init; }
    public required int HomeStore { get; init; }
    /// <summary>A card that a family shares: shops more often, with fuller baskets, in more stores.</summary>
    public required bool IsFamily { get; init; }
    /// <summary>Days before the demo's first day that the person became a member; 0 for one who joins while it runs.</summary>
    public required int MemberDaysBefore { get; init; }
    /// <summary>The customer id, derived from the key alone.</summary>
    public required string CustomerId { get; init; }
}

/// <summary>
/// Generates people. Names are common syllables put together by chance. Telephone numbers begin with 154, a prefix that the Chinese
/// numbering plan gives to no operator, so that none of them can be anybody's.
/// </summary>
internal sealed class DemoPeople(string template, long seed, IReadOnlyList<DemoStore> stores)
{
    private static readonly string[] Surnames =
    [
        "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗",
        "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "欧阳", "司徒",
    ];

    private static readonly string[] Given =
    [
        "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀英", "霞", "平",
        "晓燕", "子涵", "雨桐", "浩然", "欣怡", "梓萱", "思远", "嘉怡", "宇轩", "诗涵", "建国", "志强", "雅婷", "梦琪", "俊杰", "佳琪", "天宇", "若曦", "文博", "可馨",
    ];

    private const int FamilyPerMille = 140;
    private readonly int[] _weights = [.. stores.Select(s => s.Weight)];

    /// <summary>One of the members the chain begins with.</summary>
    public DemoPerson Member(int number)
    {
        var random = DemoRandom.For(seed, 'M', number);
        return Make(ref random, $"m{number}", number, random.Weighted(_weights), 3 + (int)(random.Unit() * random.Unit() * 1_000));
    }

    /// <summary>Somebody who joins at a store: the n-th (<paramref name="place"/>) of a slot.</summary>
    public DemoPerson NewMember(int day, int slot, int place, int store)
    {
        var random = DemoRandom.For(seed, 'N', day, slot, place);
        // Eight digits: the first million belongs to the first members, the rest to 5,000 days of 288 slots of 64 people.
        var number = 1_000_000 + ((((day % 5_000) * 288L) + slot) * HostLimits.DemoJoinsPerSlotMax) + place;
        return Make(ref random, $"n{day}-{slot}-{place}", number, store, 0);
    }

    private DemoPerson Make(ref DemoRandom random, string key, long number, int home, int daysBefore)
    {
        var year = 1955 + random.Below(50);
        var birthday = new DateOnly(year, 1, 1).AddDays(random.Below(365));
        return new DemoPerson
        {
            Key = key,
            Name = Surnames[random.Below(Surnames.Length)] + Given[random.Below(Given.Length)],
            Phone = string.Create(CultureInfo.InvariantCulture, $"+86154{number % 100_000_000:00000000}"),
            Card = string.Create(CultureInfo.InvariantCulture, $"DEMO{number:0000000000}"),
            Birthday = birthday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            HomeStore = home,
            IsFamily = random.PerMille(FamilyPerMille),
            MemberDaysBefore = daysBefore,
            CustomerId = IdOf(key),
        };
    }

    // The same form as ids of real customers, which are derived from the idempotency key of the enrolment.
    private string IdOf(string key)
    {
        const string digits = "0123456789abcdefghjkmnpqrstvwxyz";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"demo/{template}/{seed}/{key}")));
        Span<char> id = stackalloc char[17];
        id[0] = 'c';
        for (var i = 0; i < 16; i++) id[i + 1] = digits[((hash[(i * 5) / 8] << 8 | hash[((i * 5) / 8) + 1]) >> (11 - (i * 5 % 8))) & 31];
        return new string(id);
    }
}
