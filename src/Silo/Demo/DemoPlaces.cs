namespace ChainCrm.Silo.Demo;

/// <summary>A generated store.</summary>
/// <param name="Index">0 to 49.</param>
/// <param name="Id">Its id, S001 to S050.</param>
/// <param name="Name">City and district.</param>
/// <param name="Region">华东, 华南 ...</param>
/// <param name="City">The city.</param>
/// <param name="Weight">Its share of the trade.</param>
internal sealed record DemoStore(int Index, string Id, string Name, string Region, string City, int Weight);

/// <summary>Where the stores of a generated chain are: fifty districts in six regions. The order is part of what a seed means.</summary>
internal static class DemoPlaces
{
    private static readonly (string Region, string City, string[] Districts)[] Cities =
    [
        ("华东", "上海", ["静安", "徐汇", "浦东", "虹口", "杨浦"]),
        ("华东", "杭州", ["西湖", "拱墅", "滨江"]),
        ("华东", "南京", ["鼓楼", "玄武", "建邺"]),
        ("华东", "苏州", ["姑苏", "园区"]),
        ("华东", "合肥", ["蜀山"]),
        ("华南", "广州", ["天河", "越秀", "海珠", "番禺"]),
        ("华南", "深圳", ["福田", "南山", "罗湖", "宝安"]),
        ("华南", "厦门", ["思明"]),
        ("华南", "南宁", ["青秀"]),
        ("华北", "北京", ["朝阳", "海淀", "东城", "丰台", "通州"]),
        ("华北", "天津", ["和平", "南开"]),
        ("华北", "石家庄", ["长安"]),
        ("华北", "太原", ["小店"]),
        ("西南", "成都", ["锦江", "武侯", "青羊", "高新"]),
        ("西南", "重庆", ["渝中", "江北", "沙坪坝"]),
        ("西南", "昆明", ["五华"]),
        ("华中", "武汉", ["江汉", "武昌", "洪山"]),
        ("华中", "长沙", ["岳麓", "天心"]),
        ("华中", "郑州", ["金水"]),
        ("东北", "沈阳", ["和平"]),
        ("东北", "大连", ["中山"]),
        ("东北", "哈尔滨", ["道里"]),
    ];

    /// <summary>The stores of a chain.</summary>
    public static IReadOnlyList<DemoStore> Stores(DemoTemplate template, long seed)
    {
        var random = DemoRandom.For(seed, 'P');
        var stores = new List<DemoStore>();
        foreach (var (region, city, districts) in Cities)
        {
            foreach (var district in districts)
            {
                var index = stores.Count;
                stores.Add(new DemoStore(index, $"S{index + 1:000}", $"{city}{district}{template.StoreWord}", region, city, 60 + random.Below(120)));
            }
        }
        return stores;
    }
}
