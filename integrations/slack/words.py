"""The few words that this chat says by itself, in both languages; everything else comes from the program."""

from bot.contracts.model import Words

NOT_CONNECTED = "not connected to Slack"
NOT_YET = Words("not connected to Slack yet", "尚未连接 Slack")
ENDING = Words("the program is ending", "程序正在退出")
CANCEL = Words("Cancel", "取消")
SURE = Words("Are you sure?", "确定吗？")
YES = Words("Yes", "确定")
TICKED = Words("Yes", "是")
FULL_TEXT = Words("Full text", "查看全文")
PICTURE_IN_PRIVATE = Words("The picture is in our 1:1 conversation.", "图在与我的单聊中。")
CUT = Words("… (shortened)", "……（已截短）")
NEXT = Words("Next", "下一步")
BACK = Words("Back", "上一步")
FIRST_STEP = Words("Step 1", "第 1 步")
STEP = Words("Step {number} of {count}", "第 {number} 步，共 {count} 步")
CHOSEN = Words("Chosen: {files}. Choose again to replace it.", "已选择：{files}。重新选择即可替换。")
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
HANDED_IN = Words("Handed in. The answer is in the conversation.", "已提交，结果请看会话。")
ANSWERED = Words("Answered in the conversation.", "已在会话中答复。")
NOT_NOW = Words(
    "This cannot be filled in any more. Please close this and say the command again.",
    "此表单已失效。请关闭后重新输入命令。",
)
KEPT = Words("Kept as draft {numbers}; nothing was sent.", "已存为草稿 {numbers}，尚未提交。")
KEPT_SEVERAL = Words("Kept as drafts {numbers}; nothing was sent.", "已存为草稿 {numbers}，尚未提交。")
GO_ON = Words("Go on: {commands}", "继续填写：{commands}")
EDIT = Words("edit #{number}", "修改 #{number}")
NOT_SENT = Words("Not sent yet: {faults}", "尚未提交：{faults}")
VENDOR_ID = Words("Id at the vendor", "平台上的 ID")
VENDOR_ID_HINT = Words("As the vendor's console shows it.", "以平台控制台显示的为准。")
EDITED = Words(
    "A message is read once; what you changed in it is not. Send it as a new message.",
    "消息只读取一次，修改后的内容不会生效；请重新发送。",
)
NO_LONGER_KNOWN = Words(
    "I no longer know what this button is for; please type the command.", "我已不记得这个按钮的用途，请直接输入命令。"
)
CUT_PAGE = Words(
    "There is more than fits here; say /sms status or /sms alerts.",
    "内容过多，未全部显示；请输入 /sms 状态 或 /sms 告警。",
)
UNREADABLE = Words(
    "I could not read this file: the app needs the scope files:read, and to be installed again after it was added.",
    "无法读取此文件：应用需要 files:read 权限，添加后须重新安装。",
)
DELETED = Words(
    "Slack has this file no more, or does not show it to me; choose it again.",
    "Slack 中已没有此文件，或不让我查看；请重新选择。",
)
ELSEWHERE = Words(
    "This file is kept outside Slack ({where}); download it and upload the file itself.",
    "此文件不在 Slack 中（{where}）；请先下载，再上传文件本身。",
)
HIDDEN = Words(
    "Slack hides this file because of the limit of its plan; upload it again.",
    "因套餐限额，Slack 已隐藏此文件；请重新上传。",
)
NOT_FETCHED = Words(
    "This file could not be fetched from Slack just now; choose it again.", "暂时无法从 Slack 取得此文件，请重新选择。"
)
ONLY_YOU = Words("Only you see this: {why}.", "仅你可见：{why}。")
TOO_LARGE = Words("This file is too large.", "文件过大。")
NOT_PLAIN = Words(
    "A text message has no formatting and vendors refuse most emoji: {pieces}. Without: {plain}",
    "短信没有格式，平台也大多不接受表情：{pieces}。去掉后：{plain}",
)
