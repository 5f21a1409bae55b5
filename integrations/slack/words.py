"""The few words that this chat says by itself, in both languages; everything else comes from the program."""

from bot.model import Words

CANCEL = Words("Cancel", "取消")
SURE = Words("Are you sure?", "确定吗？")
YES = Words("Yes", "确定")
FULL_TEXT = Words("Full text", "查看全文")
CUT = Words("… (shortened)", "……（已截短）")
SUBMIT = Words("Submit", "提交")
UP = Words("{count} connections", "{count} 个连接")
CLOSE = Words("Close", "关闭")
LOADING = Words("One moment …", "请稍候……")
CHOOSE = Words("Choose", "请选择")
BUSY = Words("I have too much to do right now. Please say it again in a minute.", "我现在太忙了，请一分钟后再说一次。")
FAULT = Words(
    "This did not work, and the fault is mine. The operator finds the details in the log.",
    "出错了，是我的问题。管理员可在日志中查看详情。",
)
NO_LONGER = Words("I no longer have the full text; please ask again.", "我已没有全文，请重新查询。")
UNREADABLE = Words(
    "I could not read this file: the app needs the scope files:read, and to be installed again after it was added.",
    "无法读取此文件：应用需要 files:read 权限，添加后须重新安装。",
)
TOO_LARGE = Words("This file is too large.", "文件过大。")
