namespace Churn.Training;

/// <summary>One customer that was made up: what is measured of them, and whether they left.</summary>
internal sealed class Customer
{
    public float Age { get; set; }

    public float TenureDays { get; set; }

    public float MonthlySpend { get; set; }

    public float SupportTickets { get; set; }

    public float LastLoginDays { get; set; }

    public bool Left { get; set; }
}
